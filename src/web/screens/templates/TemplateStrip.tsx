import { classNames } from '../../../ui/class-names.ts'
import { Diamond } from '../../../ui/Thread.tsx'
import { useNarrow } from '../../../ui/useNarrow.ts'
import { type Step, stripOf } from './strip.ts'

const percent = (at: number): string => `${Math.min(100, Math.max(0, at)).toFixed(2)}%`

/** A template on the thread: today is rose, the wedding a diamond, each step a ring. The list beside it says the same. */
export function TemplateStrip({
  steps,
  wedding,
  now,
}: {
  readonly steps: readonly Step[]
  readonly wedding: string
  readonly now: number
}) {
  const isNarrow = useNarrow()
  const { marks, months, wedding: day, later } = stripOf(steps, wedding, now, isNarrow)
  return (
    <div aria-hidden="true" className="mt-2 pr-3 pl-1 select-none">
      <div className="relative h-4">
        <span className="absolute inset-x-0 top-2 border-t-[1.5px] border-dashed border-thread-future" />
        <span className="absolute top-2 left-0 size-2 -translate-1/2 rounded-full bg-now" />
        {months.map(({ at, label }) => (
          <span
            key={label}
            className="absolute top-0 h-4 border-l border-border"
            style={{ left: percent(at) }}
          />
        ))}
        {marks.map((mark) => (
          <span
            key={mark.at}
            className={classNames(
              'absolute top-2 flex -translate-1/2 items-center justify-center border-[1.5px]',
              mark.count > 1
                ? 'h-4 min-w-5 rounded-full bg-info-surface px-1 text-micro leading-none font-strong text-info-text'
                : mark.task
                  ? 'size-2.5 rounded-[2px] bg-card'
                  : 'size-[11px] rounded-full bg-card',
              mark.critical ? 'border-foreground' : 'border-plan-mark',
            )}
            style={{ left: percent(mark.at) }}
          >
            {mark.count > 1
              ? mark.count
              : mark.critical && <i className="size-1 rounded-full bg-foreground" />}
          </span>
        ))}
        <span className="absolute top-2 z-[1] flex -translate-1/2" style={{ left: percent(day) }}>
          <Diamond />
        </span>
      </div>
      <div className="relative h-4 text-micro text-muted-foreground">
        <span className="absolute left-0 bg-card pr-1 font-strong text-now">today</span>
        {months
          .filter(
            ({ at, label }) => at > (isNarrow ? 17 : 9) && at < (later > 0 ? 90 : label.length > 5 ? 92 : 96),
          )
          .map(({ at, label }) => (
            <span key={label} className="absolute pl-1 whitespace-nowrap" style={{ left: percent(at) }}>
              {label}
            </span>
          ))}
        {later > 0 && (
          <span className="absolute right-0 translate-x-2 bg-card pl-1 font-strong">+{later}</span>
        )}
      </div>
    </div>
  )
}
