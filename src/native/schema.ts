export function schema(): object {
  return {};
}
