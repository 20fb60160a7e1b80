/** A trace that copying leaves on a value, and how to describe it. Nothing is trimmed, because only the user knows the value. */
type Trace = readonly [pattern: RegExp, flaw: string];

const TRACES: readonly Trace[] = [
  [/^\uFEFF/, "it starts with a byte order mark"],
  [/\S[\r\n]+$/, "it ends with a line break"],
  [/^\s|\s$/, "it starts or ends with white space"],
  [/^(?:".*"|'.*'|`.*`|[“”„].*[“”]|[‘’‚].*[‘’]|«.*»)$/su, "it has quotes around it"],
  [/\p{Cc}/u, "it has a control character in it"],
  [/\p{Cf}/u, "it has an invisible character in it"],
  [/(?! )\s/, "it has white space in it that is not a plain space"],
  // U+FFFD replaces what cannot be decoded in a file that was read in the wrong encoding.
  [/[\p{Surrogate}\p{Noncharacter_Code_Point}\uFFFD]/u, "it has something in it that is not a character"],
];

// No key that Cloudflare generates looks like these.
const TRACES_ON_KEYS: readonly Trace[] = [
  [/^:?\s*["']?psk["']?\s*(?:[:=]|["'])/i, 'it has "psk" in front of it'],
  [/^(?:export\s+)?[\w.-]*(?:secret|key|psk)["']?(?:\s*[:=]\s*[^\s=]|\s+["'])/i, "it has its name in front of it"],
  [/^(?:pre-shared-key|pre-shared-secret|psksecret|secret)\s+\S/i, "it has its name in front of it"],
  [/^(?:".*"|'.*')[,;]$/su, "it has quotes around it, and a comma or semicolon after them"],
  [/^\\["'].*\\["']$|&(?:quot|apos|#\d+);/su, "it has escaped quotes around it"],
  [/\\[nr]$/, "it ends with an escaped line break"],
  // Four characters at a time: no key of 32 or 43 characters has this form by chance.
  [/^0s(?:[\w+/]{4}){2,}(?:[\w+/]{3}=|[\w+/]{2}==)?$/, 'it is in Base64 as strongSwan has it, with "0s" in front'],
  [/^(?:undefined|null|NaN|\[object Object\]|Calling \[)/, "it is what a program prints in place of a value"],
  [
    /^(?:\[secret\]|[*•]+|[[(<]?(?:redacted|sensitive|hidden|masked)(?: value)?[\])>]?)$/i,
    "it is a placeholder for a hidden secret",
  ],
];

const REFERENCE = "it is a reference to a secret, and nothing has replaced it with the secret";
const PLACEHOLDER = "it is a placeholder, which nothing has replaced with a key";

// What a key is as a whole. A random key may contain such a text; that it is one has a chance below 1 in a million, whatever its form.
const UNRESOLVED: readonly Trace[] = [
  // URIs of 1Password, HashiCorp Vault, Doppler, vals, external-secrets, Spring Cloud, and of what programs read keys from.
  [
    /^(?:ref\+[\w+-]+|op|vault|bao|doppler|infisical|akeyless|conjur|bws|bitwarden|keepass|secrets?|sm|ssm|aws-?(?:sm|ssm|kms)|gcp-?sm|gcpsecretmanager|azure-?kv|keyvault|env|file|https?):\/\/\S+$/i,
    REFERENCE,
  ],
  // Shells, Terraform, GitHub, Kubernetes, Azure Pipelines, Octopus: ${PSK}, $(psk), ${{ secrets.PSK }}, #{psk}, %PSK%, $IPSEC_PSK.
  [/^\$\{\{.+\}\}$|^[$#](?:\{[\w\s.:/@-]+\}|\([\w\s.:/@-]+\))#?$/, REFERENCE],
  [/^%(?:[A-Z][A-Z\d_]*|[a-z][a-z\d_]*)%$|^\$env:\w+$/, REFERENCE],
  [/^\$(?:psk|secret|password|[a-z]+(?:_[a-z\d]+)+|PSK|SECRET|PASSWORD|[A-Z]+(?:_[A-Z\d]+)+)$/, REFERENCE],
  [/^(?:process\.env|os\.environ|secrets|var)(?:\.[\w.-]+|\[["']?\w+["']?\])$/, REFERENCE],
  // Templates: Jinja, Helm, CloudFormation's {{resolve:ssm:…}}, ERB, Concourse.
  [/^\{\{.+\}\}$|^<%.+%>$|^\(\([\w.:/-]+\)\)$/, REFERENCE],
  // Values that are still encrypted: SOPS, eyaml, Jasypt, Ansible, Vault's transit engine, Pulumi's own configuration.
  [/^ENC(?:\[.+\]|\(.+\))$|^\$ANSIBLE_VAULT;|^vault:v\d+:|^v1:[\w+/]{16}:[\w+/]+=*$/, REFERENCE],
  [/^!(?:secret|vault|env|reference|ref|sub|importvalue)\s+\S/i, REFERENCE],
  // Bank-Vaults, AWS, Google Cloud, Azure.
  [/^(?:>>)?vault:[\w./-]+#|^arn:aws[\w-]*:(?:secretsmanager|ssm|kms):|^projects\/[\w-]+\/secrets\/./, REFERENCE],
  [/^@Microsoft\.KeyVault\(.*\)$/i, REFERENCE],
  [/^(?:to-?do|tbd|fixme|placeholder|dummy|n\/a|x{3,}|\.{3,}|…)$/i, PLACEHOLDER],
  [
    /^(?:please[-_ ]?)?(?:change|replace|fill|insert|update)[-_ ]?(?:me|this|it)(?:[-_ ]?(?:now|please|in))?!?$/i,
    PLACEHOLDER,
  ],
  [/^(?:(?:your|insert|enter)[-_ ])+(?:[a-z]+[-_ ])*(?:psk|key|secret|password)(?:[-_ ]here)?$/i, PLACEHOLDER],
  [/^__[A-Z][A-Z\d]*(?:_[A-Z\d]+)*__$|^<(?:[a-z]+(?:[-_ ][a-z]+)*|[A-Z]+(?:[-_ ][A-Z]+)*)>$/, PLACEHOLDER],
];

/** Describes what copying has left on a value, "it …" and never a part of the value; `undefined` if there is nothing. */
export function flawOf(text: string): string | undefined {
  return TRACES.find(([pattern]) => pattern.test(text))?.[1];
}

/** Does the same as {@link flawOf} for a pre-shared key. A plain space inside is one of its characters. */
export function keyFlawOf(text: string): string | undefined {
  return [...TRACES_ON_KEYS, ...UNRESOLVED, ...TRACES].find(([pattern]) => pattern.test(text))?.[1];
}
