/** What can go wrong, with what to do about it; `docs/errors.md` lists the same codes. */
export const SERVER_HINTS = {
  // starting
  setting_invalid: 'Correct the environment variable; docs/server.md lists all of them.',
  postgres_unavailable: 'Set DATABASE_URL to a PostgreSQL 15 or later.',
  postgres_failed: 'The lines above are PostgreSQL’s own; its log lies in the data folder.',
  data_folder_busy: 'Stop the other Winnow first, or give this one another folder with WINNOW_DATA.',
  data_folder_unreachable: 'Give Winnow a folder that it can write, with WINNOW_DATA.',
  data_folder_version: 'Take a backup with the older Winnow (`winnow backup`) and restore it into a new folder.',
  database_unreachable: 'Check DATABASE_URL, and that the database accepts connections.',
  database_too_old: 'Winnow needs PostgreSQL 15 or later.',
  database_not_empty: 'Restore into a new folder (WINNOW_DATA) or a new database.',
  backup_damaged: 'Take another backup, or copy the file again.',
  schema_newer: 'A newer Winnow has used this database; start that one.',
  // requests
  not_found: 'Check the address; the documentation lists all of them.',
  method_not_allowed: 'The address exists, with another method.',
  body_too_large: 'Send less at a time.',
  body_malformed: 'Send JSON in UTF-8.',
  media_type_unsupported: 'Send `content-type: application/json`.',
  encoding_unsupported: 'Send the body plain or with `content-encoding: gzip`.',
  request_malformed: 'Send HTTP/1.1 with one length, and headers without control characters.',
  headers_too_large: 'Send fewer or shorter headers, and a shorter address.',
  request_slow: 'Send it again over a better connection, or in smaller parts.',
  request_invalid: 'Correct the field that the error points at.',
  unauthenticated: 'Sign in, or send an API key: `authorization: Bearer …`.',
  forbidden: 'Ask an administrator for the right.',
  origin_foreign: 'Use Winnow under the address that WINNOW_URL names.',
  sign_in_failed: 'Check the e-mail address and the password.',
  link_invalid: 'Ask for a new link: each works once, and not for ever.',
  last_administrator: 'Make somebody else an administrator first.',
  rate_limited: 'Wait as long as `retry-after` says.',
  overloaded: 'Wait as long as `retry-after` says, then send it again.',
  conflict: 'Somebody else has changed it meanwhile; load it again.',
  decision_without_effect: 'Look at `because`; or send `force: true` to keep it on record all the same.',
  definition_invalid: 'Correct the issues listed.',
  examples_failed: 'Correct the definition, or the examples that it names.',
  example_impossible: 'Pin another lead, or this one at another instant.',
  signatures_missing:
    'Propose the draft, and let one person sign for marketing and another for sales; an administrator can say that one is enough.',
  no_definition: 'Publish a definition first.',
  gate_shut: 'Run the gate of the draft and look at it; to publish all the same, say why in `gateReason`.',
  cursor_invalid: 'Take the cursor from the page before, unchanged.',
  unavailable: 'Winnow is starting or stopping; try again in a moment.',
  internal: 'This is a bug of ours. Please report it with the request’s id.',
} as const

export type ServerErrorCode = keyof typeof SERVER_HINTS

export class ServerError extends Error {
  readonly code: ServerErrorCode
  /** Place in the input: a JSON pointer, or the name of a setting. */
  readonly at: string | undefined
  /** More about it, as data: the issues of a definition, both versions of a conflict. */
  readonly details: unknown
  /** When it may be tried again. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ServerErrorCode,
    message: string,
    { at, details, retryAfterSeconds }: { at?: string; details?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message)
    this.name = 'ServerError'
    this.code = code
    this.at = at
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
  }

  get hint(): string {
    return SERVER_HINTS[this.code]
  }
}
