/**
 * The folder of the plugin of `@pulumi/cloudflare` that tests start: the stand-in, or the released one that
 * `npm run test:cloudflare-provider` has found.
 */
export const CLOUDFLARE_PLUGIN = process.env.CLOUDFLARE_PLUGIN ?? __dirname;
