import { StatusPill } from '../../../ui/StatusPill.tsx'
import { STATUS, type Status } from '../../../ui/status.ts'
import type { Bead } from '../../../ui/Thread.tsx'
import { Diamond, Dot } from '../../../ui/Thread.tsx'
import { DOOR, Eyebrow, Section, Zone } from '../../../ui/Type.tsx'

const SCALES = [
  ['juniper', 'journey-primary'],
  ['dusk', 'journey-secondary'],
  ['rose', 'wedding-rose'],
  ['linen', 'linen'],
  ['leaf', 'success'],
  ['ochre', 'warning'],
  ['brick', 'danger'],
  ['sky', 'info'],
  ['mauve', 'held'],
] as const
const STEPS = [50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950]
const BEADS: readonly (readonly [Bead, string])[] = [
  ['done', 'done'],
  ['planned', 'planned'],
  ['key', 'critical, has a deadline'],
  ['you', 'waits for you'],
  ['skipped', 'skipped'],
  ['held', 'held'],
  ['risk', 'at risk'],
  ['failed', 'failed'],
  ['wedding', 'the wedding'],
  ['was', 'a date it had'],
]

export function ColourAndType() {
  return (
    <>
      <Section title="Colour" level={3}>
        <ul className="grid gap-1 pt-1">
          {SCALES.map(([name, scale]) => (
            <li
              key={name}
              className="grid grid-cols-[64px_minmax(0,1fr)] items-center text-micro text-muted-foreground md:grid-cols-[84px_minmax(0,1fr)]"
            >
              {name}
              <span className="grid h-[22px] grid-cols-11 overflow-hidden rounded-xs">
                {STEPS.map((step) => (
                  <span key={step} style={{ background: `var(--${scale}-${step})` }} />
                ))}
              </span>
            </li>
          ))}
        </ul>
        <ul aria-label="Chart colours" className="mt-3 grid grid-cols-6 gap-1">
          {[1, 2, 3, 4, 5, 6].map((one) => (
            <li key={one} className="h-7 rounded-xs" style={{ background: `var(--chart-${one})` }}>
              <span className="sr-only">chart {one}</span>
            </li>
          ))}
        </ul>
        <ul
          aria-label="Heat map"
          className="mt-1 grid grid-cols-6 gap-1 text-center text-micro leading-7 font-strong"
        >
          {[0, 1, 2, 3, 4, 5].map((one) => (
            <li
              key={one}
              className="h-7 rounded-xs"
              style={{
                background: `var(--heat-${one})`,
                color: one < 4 ? 'var(--heat-ink-low)' : 'var(--heat-ink-high)',
              }}
            >
              {one}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Type" level={3}>
        <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-baseline gap-y-1.5 md:grid-cols-[104px_minmax(0,1fr)] [&_dt]:text-micro [&_dt]:text-muted-foreground">
          <dt>title 36/44</dt>
          <dd className="font-display text-title tracking-display">Mia &amp; Jonas</dd>
          <dt>lede 28/36</dt>
          <dd className="font-display text-h1 tracking-display text-pretty">
            <a href="/weekend" className={DOOR}>
              Four weddings
            </a>
            , <b>one needs a call</b>.
          </dd>
          <dt>head 18/24</dt>
          <dd className="font-display text-h3 font-medium">Going out today</dd>
          <dt>sentence 17/24</dt>
          <dd className="font-display text-sentence italic">
            It goes on Thursday, because you work on Saturday.
          </dd>
          <dt>ui 13/20</dt>
          <dd>
            Thu 17 June 10:00 <Zone>Toronto</Zone>, figures in columns 1,204 0,816
          </dd>
          <dt>micro 11/16</dt>
          <dd>
            <Eyebrow>Wedding week</Eyebrow>
          </dd>
        </dl>
      </Section>
      <Section title="Status: colour, icon and word, always the three" level={3}>
        <ul className="grid grid-cols-3 gap-x-2 gap-y-2 pt-1 sm:grid-cols-4 xl:grid-cols-5">
          {(Object.keys(STATUS) as Status[]).map((status) => (
            <li
              key={status}
              className="flex flex-col items-start gap-0.5 text-micro leading-[14px] text-muted-foreground"
            >
              <StatusPill of={status} />
              {STATUS[status].means}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="The thread" level={3}>
        <ul className="flex flex-wrap gap-x-3.5 gap-y-2 pt-1 text-small">
          {BEADS.map(([bead, word]) => (
            <li key={bead} className="inline-flex items-center gap-1.5">
              {bead === 'wedding' ? <Diamond /> : <Dot of={bead} />}
              <span aria-hidden="true">{word}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}
