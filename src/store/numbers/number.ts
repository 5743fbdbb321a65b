import type { VendorId } from '../../core/ids.ts'
import type { Instant } from '../../core/time/instant.ts'
import type { Sql } from '../../ports.ts'

/**
 * One number of a business, from its rows: one file each, one statement, with the index it goes by. `of` is what it is
 * a part of. Where there was nothing, a share or a mean is unknown and not nought.
 */
export type Span = { readonly vendor: VendorId; readonly from: Instant; readonly to: Instant }
export type Counted = { readonly value: number | null; readonly of: number | null }
export type NumberOf = (sql: Sql, span: Span) => Promise<Counted>
