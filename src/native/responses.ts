import type { InputProblem } from "../errors";
import { deliverable } from "../foreign-text";
import {
  Any,
  CheckFailure,
  DiffResponse,
  ErrorResourceInitFailed,
  Metadata,
  PropertyDiff,
  type ServiceError,
  Status,
  status,
} from "./protocol";
import { PartialFailure } from "../psk/partial-failure";
import type { Difference, Outcome, PropertyDifference } from "./resource-kind";
import { toWire } from "./wire";

export function toCheckFailure({ property, reason }: InputProblem): CheckFailure {
  return new CheckFailure().setProperty(property).setReason(reason);
}

const KINDS: Readonly<Record<PropertyDifference["kind"], PropertyDiff.Kind>> = {
  add: PropertyDiff.Kind.ADD,
  delete: PropertyDiff.Kind.DELETE,
  update: PropertyDiff.Kind.UPDATE,
  replace: PropertyDiff.Kind.UPDATE_REPLACE,
};

export function toDiffResponse({ changes, replaces = [], properties = {} }: Difference): DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  const response = new DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setReplacesList([...replaces]);
  if (!changes) return response;

  const paths = Object.keys(properties);
  response.setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))]).setHasdetaileddiff(true);
  for (const [path, difference] of Object.entries(properties)) {
    const detail = new PropertyDiff().setKind(KINDS[difference.kind]).setInputdiff(difference.in === "inputs");
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

/** Says what failed, and what the engine must keep nevertheless. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const details = deliverable(
    error instanceof Error ? error.message : "a defect of this package: something other than an Error was thrown",
  );
  if (!(error instanceof PartialFailure)) return { code: status.FAILED_PRECONDITION, details };

  // https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/provider/server.ts: grpcResponseFromError
  const { id, outputs } = error.kept as Outcome;
  const failed = new ErrorResourceInitFailed().setId(id).setProperties(toWire(outputs)).setReasonsList([details]);
  const packed = new Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rich = new Status().setCode(status.UNKNOWN).setMessage(details).setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}
