import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { Checkbox } from './Checkbox.tsx'
import { classNames } from './class-names.ts'
import { useNarrow } from './useNarrow.ts'

export type Column<Row> = {
  readonly id: string
  readonly head: string
  readonly cell: (row: Row) => ReactNode
  readonly align?: 'end'
  /** Its head is read out and not drawn: what stands below it explains itself. */
  readonly quiet?: true
  /** As a CSS width; the first column takes what is left. */
  readonly width?: string
  /** On a phone only the first column and what it says below remain. */
  readonly onPhone?: boolean
}

type Selection = {
  readonly has: (key: string) => boolean
  readonly toggle: (key: string) => void
  readonly size: number
  readonly all: (on: boolean) => void
}

type TableProps<Row> = {
  /** What the table lists, for those who cannot see its head. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly rowName: (row: Row) => string
  /** What a row stands under: rows that follow each other and say the same share one heading. */
  readonly heading?: (row: Row) => string
  /** A second line under the first column, on a phone. */
  readonly below?: (row: Row) => ReactNode
  readonly selection?: Selection
  /** What one can do with the selected rows. */
  readonly actions?: ReactNode
  /** The whole number, when only some are loaded. */
  readonly total?: number
  /** How tall a long list may be, in px or as a CSS length; only the rows in view are drawn. */
  readonly height?: number | string
  /** The end of what is loaded comes into view: time to ask for more. */
  readonly onNearEnd?: () => void
}

const ROW_PX = 40
const HEADING_PX = 36
/** With a second line below, on a phone. */
const TWO_LINES_PX = 56
const VIRTUAL_FROM = 60
/** As many as fill a screen come with the room; the rest follows when that is drawn, and has its place held. */
const FIRST_ROWS = 24
// Far enough ahead that whoever scrolls fast meets rows and no end.
const NEAR_END_ROWS = 120

/** A real table, also when it is long: rows out of view are two tall empty ones, and every row says its place. */
export function Table<Row extends object | number>({
  label,
  columns: every,
  rows,
  rowKey,
  rowName,
  heading,
  below,
  selection,
  actions,
  total = rows.length,
  height = 480,
  onNearEnd,
}: TableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => linesOf(rows, heading), [rows, heading])
  const long = lines.length > VIRTUAL_FROM
  const narrow = useNarrow()
  const rowPx = narrow && below ? TWO_LINES_PX : ROW_PX
  const virtual = useVirtualizer({
    count: long ? lines.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (typeof lines[index] === 'string' ? HEADING_PX : rowPx),
    // More than a turn of the wheel, so that nobody scrolls into a place without rows.
    overscan: 20,
  })
  useEffect(() => {
    if (rowPx && lines) virtual.measure()
  }, [virtual, rowPx, lines])
  const drawn = Math.min(lines.length, useDeferredValue(lines.length, FIRST_ROWS))
  const shown = long
    ? virtual.getVirtualItems()
    : Array.from({ length: drawn }, (_, index) => ({ index, start: 0, end: 0 }))
  const nearEnd = long && (shown.at(-1)?.index ?? 0) >= lines.length - NEAR_END_ROWS
  useEffect(() => {
    if (nearEnd) onNearEnd?.()
  }, [nearEnd, onNearEnd])
  const above = long ? (shown[0]?.start ?? 0) : 0
  const after = long ? virtual.getTotalSize() - (shown.at(-1)?.end ?? 0) : (lines.length - drawn) * rowPx
  // A row of a phone has no room for more than these.
  const columns = narrow ? every.filter((one, at) => at === 0 || one.onPhone) : every
  const width = columns.length + (selection ? 1 : 0)
  const some = selection ? selection.size > 0 : false
  return (
    <div className="overflow-hidden rounded-md border border-border bg-card">
      {selection && (
        <div
          className={classNames(
            'flex h-11 items-center gap-2 pr-2 pl-2.5',
            some ? 'bg-selected' : 'border-b border-border',
          )}
        >
          <Checkbox
            label="Select all"
            checked={some ? (selection.size >= total ? true : 'mixed') : false}
            onChange={(on) => selection.all(on)}
          />
          <span className="ml-1 font-strong" aria-live="polite">
            {some
              ? `${selection.size.toLocaleString()} of ${total.toLocaleString()} selected`
              : `${total.toLocaleString()} in all`}
          </span>
          {some && <span className="ml-auto flex items-center gap-2">{actions}</span>}
        </div>
      )}
      <div
        ref={scroller}
        {...(long && { tabIndex: 0, role: 'region', 'aria-label': label, style: { maxHeight: height } })}
        className={classNames('overflow-auto -outline-offset-2', long && '[overflow-anchor:none]')}
      >
        <table
          className="w-full border-separate border-spacing-0"
          aria-label={label}
          aria-rowcount={long ? total + lines.length - rows.length + 1 : undefined}
        >
          <thead>
            <tr aria-rowindex={long ? 1 : undefined}>
              {selection && (
                <th className="sticky top-0 z-[var(--z-sticky)] w-9 border-b border-border-strong bg-card">
                  <span className="sr-only">Selected</span>
                </th>
              )}
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  style={column.width ? { width: column.width } : undefined}
                  className={classNames(
                    'sticky top-0 z-[var(--z-sticky)] border-b border-border-strong bg-card px-2 py-1.5 text-micro font-strong whitespace-nowrap text-muted-foreground first:pl-3 last:pr-3',
                    column.align === 'end' ? 'text-right' : 'text-left',
                  )}
                >
                  {column.quiet ? <span className="sr-only">{column.head}</span> : column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <Gap height={above} width={width} />}
            {shown.map(({ index }) => {
              const row = lines[index]
              if (row === undefined) return null
              if (typeof row === 'string')
                return (
                  <tr key={row} aria-rowindex={long ? index + 2 : undefined}>
                    <th
                      scope="rowgroup"
                      colSpan={width}
                      className="h-9 border-b border-border bg-card px-3 pt-2 pb-0 text-left align-middle text-small font-strong"
                    >
                      {row}
                    </th>
                  </tr>
                )
              const key = rowKey(row)
              const on = selection?.has(key) ?? false
              return (
                <tr
                  key={key}
                  aria-rowindex={long ? index + 2 : undefined}
                  className={classNames(
                    // What is in it may reach over the whole row.
                    'group/row relative',
                    on && 'bg-[color-mix(in_srgb,var(--selected)_45%,transparent)]',
                  )}
                >
                  {selection && (
                    // A name may reach over its whole row; what ticks it lies above.
                    <td className="relative z-[1] border-b border-border py-0 pl-2.5 align-middle leading-none group-last/row:border-b-0">
                      <Checkbox
                        label={`Select ${rowName(row)}`}
                        checked={on}
                        onChange={() => selection.toggle(key)}
                      />
                    </td>
                  )}
                  {columns.map((column, at) => (
                    <td
                      key={column.id}
                      className={classNames(
                        'h-10 border-b border-border px-2 align-middle first:pl-3 last:pr-3 group-last/row:border-b-0',
                        column.align === 'end' && 'text-right',
                        // On a phone it takes what the state beside it leaves, and is cut where it is longer.
                        at === 0 && 'font-strong max-md:w-full max-md:max-w-0',
                        at === 0 && below && 'max-md:h-14',
                        at > 0 && 'whitespace-nowrap',
                      )}
                    >
                      {at === 0 ? (
                        <span className="max-md:block max-md:truncate">{column.cell(row)}</span>
                      ) : (
                        column.cell(row)
                      )}
                      {at === 0 && below && narrow && (
                        <span className="block truncate text-small font-normal text-muted-foreground">
                          {below(row)}
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              )
            })}
            {after > 0 && <Gap height={after} width={width} />}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** The rows, with the headings they stand under between them. */
function linesOf<Row>(
  rows: readonly Row[],
  heading: ((row: Row) => string) | undefined,
): readonly (Row | string)[] {
  if (!heading) return rows
  return rows.flatMap((row, at) => {
    const said = heading(row)
    const before = rows[at - 1]
    return before !== undefined && heading(before) === said ? [row] : [said, row]
  })
}

const Gap = ({ height, width }: { readonly height: number; readonly width: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus; this one only holds the place of others.
  <tr aria-hidden="true">
    <td colSpan={width} style={{ height, padding: 0 }} />
  </tr>
)
