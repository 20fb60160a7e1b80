import type * as pulumi from "@pulumi/pulumi";

/** The same properties, with their doc comments, as a program gives them: any part of a value may be an output. */
export type ArgsOf<Values> = {
  readonly [Name in keyof Values]: pulumi.Input<PartsOf<NonNullable<Values[Name]>>>;
};

// The tuple keeps a union whole: an output of `boolean` is not an output of `true` or one of `false`.
type PartsOf<Value> = [Value] extends [string | number | boolean]
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly pulumi.Input<PartsOf<Item>>[]
    : ArgsOf<Value>;
