import { FlaskConical, Pause, Play, TriangleAlert } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { isoOf } from '../../../core/time/instant.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Section, Zone } from '../../../ui/Type.tsx'
import { Skeleton } from '../../../ui/Waiting.tsx'
import { After } from '../../shell/Gate.tsx'
import { capital, cityOf, inWords } from '../../times.ts'
import type { ChosenCouple, DesignerPart } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { type Ahead, type Answering, lookAhead, type SeenStep, type WhenWedding } from './ahead.ts'
import { Path } from './Path.tsx'
import { counted, isNoticed, stepIcon, tellWhen } from './steps.ts'
import { WholeBook } from './WholeBook.tsx'

/** The time machine: what the journey as it is drawn would do, before anybody is on it. Nothing is sent. */
export function Simulate({ document, couple, journeyId }: DesignerPart) {
  const [whom, setWhom] = useState<'one' | 'book'>('one')
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
      <div className="flex flex-wrap items-center gap-3 border-b border-border bg-plan-surface px-5 py-2 text-plan-text">
        <span className="inline-flex items-center gap-1.5 text-small font-medium">
          <Icon of={FlaskConical} size={14} />
          Simulation, nothing is sent
        </span>
        <span className="ml-auto">
          <Segmented
            label="For whom"
            size="sm"
            value={whom}
            segments={[
              { value: 'one', label: 'One couple' },
              { value: 'book', label: 'Whole book' },
            ]}
            onChange={setWhom}
          />
        </span>
      </div>
      {whom === 'book' ? (
        <WholeBook journeyId={journeyId} />
      ) : couple === null ? (
        <After ms={300}>
          <div className="p-10">
            <Skeleton lines={6} />
          </div>
        </After>
      ) : (
        <OneCouple document={document} couple={couple} />
      )}
    </div>
  )
}

function OneCouple({
  document,
  couple,
}: {
  readonly document: DesignerPart['document']
  readonly couple: ChosenCouple
}) {
  const { go } = useDesigner()
  const [when, setWhen] = useState<WhenWedding>('as_it_is')
  const [answering, setAnswering] = useState<Answering>('typical')
  const looked = useMemo(
    () => lookAhead(document, couple.view, couple.now, when, answering, () => performance.now()),
    [document, couple, when, answering],
  )
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-5 py-2.5">
        <span className="font-strong">What if the wedding is</span>
        <Segmented
          label="What if the wedding is"
          size="sm"
          value={when}
          segments={[
            { value: 'as_it_is', label: 'As it is' },
            { value: 'in_5_days', label: 'In 5 days' },
            { value: 'in_6_weeks', label: 'In 6 weeks' },
            { value: 'in_14_months', label: 'In 14 months' },
          ]}
          onChange={setWhen}
        />
        <span className="font-strong">and they answer</span>
        <div className="w-[190px]">
          <Select
            aria-label="How they answer"
            value={answering}
            choices={[
              { value: 'typical', label: 'As most do' },
              { value: 'always', label: 'The next day' },
              { value: 'worst', label: 'On the last day' },
              { value: 'silent', label: 'Nothing; you do your part' },
              { value: 'never', label: 'Nothing, and nor do you' },
            ]}
            onChange={({ target }) => setAnswering(target.value as Answering)}
          />
        </div>
      </div>
      {looked.is === 'ahead' ? (
        <Machine key={`${when} ${answering} ${couple.id}`} ahead={looked.ahead} couple={couple} />
      ) : (
        <div className="mx-auto mt-8 max-w-[560px] px-5">
          {looked.is === 'errors' ? (
            <EmptyState
              title="The journey is not whole yet"
              action={
                <Button look="primary" onClick={() => go('build')}>
                  Mend it in Build
                </Button>
              }
            >
              {capital(counted(looked.count, 'error'))} must be mended before it can be run ahead.
            </EmptyState>
          ) : (
            <EmptyState title="This browser cannot look ahead by itself">
              It lacks the calendar the engine counts with. A newer browser has it; on the couple’s own page
              the server looks ahead.
            </EmptyState>
          )}
        </div>
      )}
    </>
  )
}

const TICK_MS = 100
/** However long the journey is, it passes in about twenty seconds. */
const TICKS = 200

function Machine({ ahead, couple }: { readonly ahead: Ahead; readonly couple: ChosenCouple }) {
  const [clock, setClock] = useState<number>(ahead.until)
  const [playing, setPlaying] = useState(false)
  useEffect(() => {
    if (!playing) return
    const step = (ahead.until - ahead.from) / TICKS
    const timer = setInterval(() => {
      setClock((now) => {
        const next = Math.min(ahead.until, now + step)
        if (next >= ahead.until) setPlaying(false)
        return next
      })
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [playing, ahead])
  const play = (): void => {
    if (!playing && clock >= ahead.until) setClock(ahead.from)
    setPlaying(!playing)
  }
  const sends = ahead.steps.filter((step) => isNoticed(step.kind) && step.what !== 'wait')
  const messages = sends.filter((step) => step.what === 'send' && step.kind === 'module')
  const shown = new Date(clock).toISOString()
  const place = (at: number): string =>
    `${((at - ahead.from) / Math.max(1, ahead.until - ahead.from)) * 100}%`
  const weddingAt = ahead.wedding === null ? null : Date.parse(ahead.wedding)
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-border bg-plan-surface px-5 py-3 md:flex-nowrap">
        <IconButton
          look="primary"
          size="lg"
          icon={playing ? Pause : Play}
          label={playing ? 'Stop the clock' : 'Run the clock'}
          onClick={play}
        />
        <div className="shrink-0 md:w-[240px]">
          <p className="text-small text-plan-text">Virtual clock</p>
          <p className="font-display text-h3 whitespace-nowrap">
            <time dateTime={shown}>{tellWhen(shown, couple.zone)}</time> <Zone>{cityOf(couple.zone)}</Zone>
          </p>
        </div>
        <div className="relative min-w-0 flex-1 basis-full pt-3 pb-1 md:basis-auto">
          <div aria-hidden="true" className="absolute inset-x-0 top-0 h-2.5">
            {messages.map(
              (step) =>
                step.at !== null && (
                  <span
                    key={step.key}
                    style={{ left: place(step.at) }}
                    className="absolute top-0 h-2.5 w-0.5 rounded-full bg-plan-mark"
                  />
                ),
            )}
            {weddingAt !== null && weddingAt > ahead.from && weddingAt < ahead.until && (
              <span style={{ left: place(weddingAt) }} className="absolute -top-0.5 -translate-x-1/2">
                <Diamond small />
              </span>
            )}
          </div>
          <input
            type="range"
            aria-label="Virtual clock"
            aria-valuetext={`${tellWhen(shown, couple.zone)} ${cityOf(couple.zone)}`}
            min={ahead.from}
            max={ahead.until}
            step={3_600_000}
            value={clock}
            onChange={({ target }) => {
              setPlaying(false)
              setClock(Number(target.value))
            }}
            className="block h-6 w-full accent-[var(--plan-mark)]"
          />
        </div>
      </div>
      <div className="grid flex-1 content-start gap-x-10 gap-y-6 px-5 py-5 pb-24 lg:grid-cols-[minmax(260px,320px)_minmax(0,1fr)]">
        <Path steps={ahead.steps} clock={clock} />
        <div className="min-w-0">
          <p className="font-display text-h2 tracking-display text-pretty" aria-live="polite">
            {lede(couple, messages, ahead)}
          </p>
          {ahead.warnings.length > 0 && (
            <ul className="mt-3">
              {ahead.warnings.map((warning) => (
                <li key={warning.key} className="flex gap-2 border-t border-border py-2 first:border-t-0">
                  <Icon of={TriangleAlert} className="mt-0.5 shrink-0 text-warning-text" />
                  <span>
                    {warning.says}{' '}
                    {warning.at !== null && (
                      <span className="text-small text-muted-foreground">
                        {tellWhen(isoOf(warning.at), couple.zone)} {cityOf(couple.zone)}
                      </span>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <div className="mt-5">
            <Section
              title="What goes out"
              meta={`${messages.filter((step) => step.at !== null && step.at <= clock).length} so far, ${messages.filter((step) => step.at === null || step.at > clock).length} to come`}
            >
              <ul>
                {sends.map((step, index) => (
                  <Line
                    key={step.key}
                    step={step}
                    assumes={newlyAssumed(step, sends[index - 1])}
                    over={step.at !== null && step.at <= clock}
                  />
                ))}
              </ul>
            </Section>
          </div>
          <p className="mt-4 text-small text-muted-foreground">
            Computed in this browser in {Math.max(1, Math.round(ahead.tookMs))} ms by the functions that send,
            as if the journey began for them now.{ahead.truncated && ' There is more, further away.'}
          </p>
        </div>
      </div>
    </>
  )
}

function lede(couple: ChosenCouple, messages: readonly SeenStep[], ahead: Ahead): React.ReactNode {
  const count = messages.length
  const looks = ahead.warnings.length
  return (
    <>
      {capital(couple.name)} {couple.id === null ? 'gets' : 'get'} {inWords(count)}{' '}
      {count === 1 ? 'message' : 'messages'}
      {looks === 0 ? (
        ', and nothing wants a look.'
      ) : (
        <>
          .{' '}
          <b className="font-strong">
            {capital(inWords(looks))} {looks === 1 ? 'thing wants' : 'things want'} a look.
          </b>
        </>
      )}
    </>
  )
}

/** What was assumed already is not said again with every step behind it. */
const newlyAssumed = (step: SeenStep, before: SeenStep | undefined): readonly string[] =>
  step.assumes.filter((one) => !before?.assumes.includes(one))

function Line({
  step,
  assumes,
  over,
}: {
  readonly step: SeenStep
  readonly assumes: readonly string[]
  readonly over: boolean
}) {
  const leftOut = step.what === 'skip'
  const merged = step.what === 'merge'
  return (
    <li
      className={`grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-x-2 border-t border-border py-2 first:border-t-0 ${over && !leftOut ? '' : 'text-muted-foreground'}`}
    >
      <Icon of={stepIcon(step.kind, step.type)} className="mt-0.5 text-muted-foreground" />
      <div className="min-w-0">
        <p className="font-strong">{step.name}</p>
        <p className="text-small">
          {step.at === null ? (
            'when nobody can say yet'
          ) : (
            <>
              {tellWhen(isoOf(step.at), step.zone)} <Zone>{cityOf(step.zone)}</Zone>
            </>
          )}
          {assumes.length > 0 && `, if ${assumes.join(' and ')}`}
        </p>
      </div>
      <StatusWord
        of={
          leftOut ? 'skipped' : merged ? 'moved' : step.what === 'task' ? 'task' : over ? 'goes' : 'planned'
        }
      >
        {leftOut ? 'Left out' : merged ? 'In the next one' : undefined}
      </StatusWord>
    </li>
  )
}
