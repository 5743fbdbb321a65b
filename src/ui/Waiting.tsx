import { Progress as Radix } from 'radix-ui'
import { classNames } from './class-names.ts'
import { MARK, type Tone } from './tone.ts'

/** Work that counts: where it is, of how many, and what is left. Never a barber pole. */
export function Progress({
  label,
  done,
  of,
  detail,
  tone = 'primary',
}: {
  readonly label: string
  readonly done: number
  readonly of: number
  readonly detail?: string
  readonly tone?: Tone
}) {
  const share = of === 0 ? 0 : Math.min(1, done / of)
  const words = `${done.toLocaleString()} of ${of.toLocaleString()}`
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-strong">{label}</span>
        <span className="text-muted-foreground">
          {words}
          {detail && `, ${detail}`}
        </span>
      </div>
      <Radix.Root
        aria-label={label}
        value={done}
        max={Math.max(of, 1)}
        getValueLabel={() => words}
        className="mt-1 h-1.5 overflow-hidden rounded-full bg-border"
      >
        <Radix.Indicator
          className={classNames(
            'h-full origin-left rounded-full transition-transform duration-[var(--duration-calm)]',
            MARK[tone],
          )}
          style={{ transform: `scaleX(${share})` }}
        />
      </Radix.Root>
    </div>
  )
}

const WIDTH = ['w-[64%]', 'w-[90%]', 'w-[78%]', 'w-[84%]', 'w-[70%]']

/** Holds the place of what comes. Shown only after 300 ms, by whoever waits. */
export function Skeleton({
  lines = 3,
  label = 'Loading',
}: {
  readonly lines?: number
  readonly label?: string
}) {
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{label}</span>
      <div aria-hidden="true" className="flex flex-col gap-2">
        {Array.from({ length: lines }, (_, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of nothing have no other name.
            key={index}
            className={classNames(
              'rounded-xs bg-linear-to-r from-muted via-border to-muted',
              index === 0 ? 'h-3.5' : 'h-2.5',
              WIDTH[index % WIDTH.length],
            )}
          />
        ))}
      </div>
    </div>
  )
}
