// Does what `pulumi package add` does to generate an SDK, without the language hosts that it needs.
//
//	generator check <schema.json>
//	generator generate <schema.json> <language> <folder>
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Who generates, as a comment in each file says.
const tool = "pulumi-cloudflare-ipsec-psk"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: generator check <schema.json> | generate <schema.json> <language> <folder>")
	}
	command, file, rest := args[0], args[1], args[2:]
	pkg, err := bind(file)
	if err != nil || command == "check" {
		return err
	}
	if command != "generate" || len(rest) != 2 {
		return fmt.Errorf("unknown command: %v", args)
	}
	language, folder := rest[0], rest[1]
	files, err := generate(language, pkg)
	if err != nil {
		return err
	}
	return write(folder, files)
}

// Fails for warnings, too.
func bind(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, noOtherPackage{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	// As `pulumi package add` does: the SDK is a module of its own.
	pkg.SupportPack = true
	return pkg, nil
}

func generate(language string, pkg *schema.Package) (map[string][]byte, error) {
	switch language {
	case "python":
		return python.GeneratePackage(tool, pkg, nil, nil)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, true, nil)
	default:
		return nil, fmt.Errorf("no generator for %s", language)
	}
}

func write(folder string, files map[string][]byte) error {
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// The binder panics without a loader.
type noOtherPackage struct{}

func (noOtherPackage) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to another package: %s", name)
}

func (noOtherPackage) LoadPackageV2(_ context.Context, other *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to another package: %s", other.Name)
}
