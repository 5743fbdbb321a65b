import {
  type Day,
  dayInMonth,
  monthOf,
  tellDayInFull,
  tellMonth,
  weekdayName,
  weeksOf,
} from '../../../ui/month.ts'
import { Diamond } from '../../../ui/Thread.tsx'

/** The season by day: one hue in six steps, a diamond where a wedding is worked. */
export type HeatDay = {
  readonly on: string
  readonly messages: number
  readonly tasks: number
}
const STEPS = [
  'bg-muted',
  'bg-[color-mix(in_srgb,var(--primary)_10%,var(--card))] text-foreground',
  'bg-[color-mix(in_srgb,var(--primary)_20%,var(--card))] text-foreground',
  'bg-[color-mix(in_srgb,var(--primary)_32%,var(--card))] text-foreground',
  'bg-[color-mix(in_srgb,var(--primary)_84%,var(--card))] text-primary-foreground',
  'bg-primary text-primary-foreground',
] as const
const MONTHS_SHOWN = 12

export const heatOf = (count: number, most: number): number =>
  count === 0 || most === 0 ? 0 : Math.min(STEPS.length - 1, Math.ceil((count / most) * (STEPS.length - 1)))

export function HeatMap({
  days,
  worked,
  chosen,
  onChoose,
}: {
  readonly days: readonly HeatDay[]
  /** Days on which a wedding is worked. */
  readonly worked: readonly string[]
  readonly chosen: string | null
  readonly onChoose: (day: string) => void
}) {
  const weddings = new Set(worked)
  const byDay = new Map(days.map((day) => [day.on, day]))
  const most = Math.max(0, ...days.map((day) => day.messages))
  const months = [...new Set(days.map((day) => day.on.slice(0, 7)))].slice(0, MONTHS_SHOWN)
  return (
    <section aria-label="The season">
      <div className="flex flex-wrap items-center gap-2 pb-2 text-small text-muted-foreground">
        <h2 className="mr-auto font-display text-h3 font-medium text-foreground">The season</h2>
        quiet
        {STEPS.map((step) => (
          <span key={step} aria-hidden="true" className={`size-3.5 rounded-xs ${step}`} />
        ))}
        {most} a day
        <Diamond small /> you work a wedding
      </div>
      <div className="grid items-start gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
        {months.map((month) => (
          <Month key={month} of={`${month}-01`} {...{ byDay, most, chosen, onChoose }} weddings={weddings} />
        ))}
      </div>
    </section>
  )
}

function Month({
  of,
  byDay,
  weddings,
  most,
  chosen,
  onChoose,
}: {
  readonly of: Day
  readonly weddings: ReadonlySet<string>
  readonly byDay: ReadonlyMap<string, HeatDay>
  readonly most: number
  readonly chosen: string | null
  readonly onChoose: (day: string) => void
}) {
  const month = monthOf(of)
  return (
    <table className="w-full border-separate border-spacing-0.5">
      <caption className="pb-1 text-left font-display text-body">{tellMonth(month)}</caption>
      <thead>
        <tr>
          {[1, 2, 3, 4, 5, 6, 7].map((index) => (
            <th
              key={index}
              scope="col"
              abbr={weekdayName(index, 'long')}
              className="text-micro font-normal text-muted-foreground"
            >
              {weekdayName(index, 'narrow')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month, 1).map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const inside = monthOf(day).month === month.month
              if (!inside) return <td key={day} />
              const found = byDay.get(day)
              const count = found?.messages ?? 0
              const weds = weddings.has(day)
              const acts = count + (found?.tasks ?? 0)
              return (
                <td key={day} className="p-0">
                  <button
                    type="button"
                    disabled={acts === 0}
                    aria-pressed={day === chosen}
                    aria-label={`${tellDayInFull(day)}: ${count} messages, ${found?.tasks ?? 0} tasks${weds ? ', you work a wedding' : ''}`}
                    onClick={() => onChoose(day)}
                    className={`relative flex h-6 w-full items-center justify-center rounded-xs text-[10.5px] aria-pressed:outline-2 aria-pressed:outline-ring ${STEPS[heatOf(count, most)]}`}
                  >
                    {Number(dayInMonth(day, month).slice(8))}
                    {weds && (
                      <span className="absolute -top-1 right-0 scale-75">
                        <Diamond small />
                      </span>
                    )}
                  </button>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
