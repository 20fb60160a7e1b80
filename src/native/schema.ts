import schema from "./schema.json";

/** The package's schema. `npm run schema -- --write` generates it from the declarations that TypeScript programs see. */
export { schema };
