import { formatInstant, type Instant } from '@winnow/engine'
import { sql, type RawBuilder } from 'kysely'

/** An instant to compare a column with: columns are read as milliseconds and written as text. */
export const timestamp = (at: Instant): RawBuilder<Instant> => sql`${formatInstant(at)}::timestamptz`
