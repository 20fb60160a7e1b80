// Runs a program of examples/go by Pulumi's Automation API. Its arguments: test/support/languages/driver.ts.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command, project, report string) error {
	stack, err := auto.SelectStackInlineSource(ctx, "dev", project, branch1, auto.WorkDir("."))
	if err != nil {
		return err
	}
	stream := make(chan events.EngineEvent)
	written := make(chan error)
	go func() { written <- write(report, stream) }()
	err = carryOut(ctx, stack, command, stream)
	if failed := <-written; err == nil {
		err = failed
	}
	return err
}

func carryOut(ctx context.Context, stack auto.Stack, command string, stream chan<- events.EngineEvent) error {
	var err error
	out := os.Stdout
	switch command {
	case "preview":
		_, err = stack.Preview(ctx, optpreview.ProgressStreams(out), optpreview.EventStreams(stream))
	case "up":
		_, err = stack.Up(ctx, optup.ProgressStreams(out), optup.EventStreams(stream))
	case "refresh":
		_, err = stack.Refresh(ctx, optrefresh.ProgressStreams(out), optrefresh.EventStreams(stream))
	case "destroy":
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(out), optdestroy.EventStreams(stream))
	default:
		err = fmt.Errorf("unknown command: %s", command)
	}
	return err
}

// Writes one event a line.
func write(file string, stream <-chan events.EngineEvent) error {
	output, err := os.Create(file)
	if err != nil {
		return err
	}
	defer output.Close()
	lines := json.NewEncoder(output)
	for event := range stream {
		if failed := lines.Encode(event.EngineEvent); failed != nil {
			err = failed
		}
	}
	return err
}
