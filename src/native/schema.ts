import schema from "./schema.json";

/** The package's schema. `npm run schema -- --write` makes it of the declarations that TypeScript programs see. */
export { schema };
