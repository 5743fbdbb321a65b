import { ChevronLeft, ChevronRight, FlaskConical, Pause, Play } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { Skeleton } from '../../../ui/Waiting.tsx'
import { wordsOf } from '../../api.ts'
import { After } from '../../shell/Gate.tsx'
import { capital, cityOf } from '../../times.ts'
import type { ChosenCouple, DesignerPart } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import type { Answering, WhenWedding } from '../designer/modes.ts'
import { useForetold } from '../designer/useForetold.ts'
import { useIsPhone } from '../designer/useIsPhone.ts'
import { type Ahead, lookAhead, weddingDay } from './ahead.ts'
import { messagesOf, Outcome } from './Outcome.tsx'
import { Path } from './Path.tsx'
import { counted, tellWhen } from './steps.ts'
import { useLook } from './useLook.ts'
import { useVirtualClock, type VirtualClock } from './useVirtualClock.ts'
import { WalkedDrawing } from './WalkedDrawing.tsx'
import { WholeBook } from './WholeBook.tsx'

/** The time machine: what the journey as it is drawn would do, before anybody is on it. Nothing is sent. */
export function Simulate({ document, couple, journeyId }: DesignerPart) {
  const { looked, look } = useLook()
  const { whom = 'one', wedding: when = 'as_it_is', answering = 'typical' } = looked
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-5 py-2">
        <span className="inline-flex items-center gap-1.5 rounded-xs bg-plan-surface px-2 py-0.5 text-small font-medium text-plan-text">
          <Icon of={FlaskConical} size={14} />
          Simulation, nothing is sent
        </span>
        {whom === 'one' && (
          <WhatIf
            when={when}
            answering={answering}
            onWhen={(next) => look({ wedding: next === 'as_it_is' ? undefined : next })}
            onAnswering={(next) => look({ answering: next === 'typical' ? undefined : next })}
          />
        )}
        <span className="ml-auto">
          <Segmented
            label="For whom"
            size="sm"
            value={whom}
            segments={[
              { value: 'one', label: 'One couple' },
              { value: 'book', label: 'Whole book' },
            ]}
            onChange={(next) => look({ whom: next === 'book' ? next : undefined })}
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
        <OneCouple document={document} couple={couple} when={when} answering={answering} />
      )}
    </div>
  )
}

function WhatIf({
  when,
  answering,
  onWhen,
  onAnswering,
}: {
  readonly when: WhenWedding
  readonly answering: Answering
  readonly onWhen: (when: WhenWedding) => void
  readonly onAnswering: (answering: Answering) => void
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <span className="font-medium">What if the wedding is</span>
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
        onChange={onWhen}
      />
      <span className="font-medium">and they answer</span>
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
          onChange={({ target }) => onAnswering(target.value as Answering)}
        />
      </div>
    </div>
  )
}

function OneCouple({
  document,
  couple,
  when,
  answering,
}: {
  readonly document: DesignerPart['document']
  readonly couple: ChosenCouple
  readonly when: WhenWedding
  readonly answering: Answering
}) {
  const { go, journeyId } = useDesigner()
  const { elsewhere, told, error } = useForetold(journeyId, document, couple, {
    behaviour: answering,
    wedding: couple.clocks.able ? weddingDay(couple.view, couple.now, when) : null,
  })
  const looked = useMemo(
    () =>
      elsewhere !== null && told === null
        ? ({ is: 'asked' } as const)
        : lookAhead(document, couple.view, couple.now, when, answering, () => performance.now(), told),
    [document, couple, when, answering, elsewhere, told],
  )
  if (looked.is === 'ahead')
    return (
      <Machine
        key={`${when} ${answering} ${couple.id}`}
        document={document}
        ahead={looked.ahead}
        couple={couple}
      />
    )
  return (
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
      ) : looked.is === 'asked' ? (
        error ? (
          <EmptyState title="The server could not look ahead">{wordsOf(error)}</EmptyState>
        ) : (
          <After ms={300}>
            <Skeleton lines={6} />
          </After>
        )
      ) : (
        <EmptyState title="This browser cannot look ahead by itself">
          It lacks the calendar the engine counts with. A newer browser has it; on the couple’s own page the
          server looks ahead.
        </EmptyState>
      )}
    </div>
  )
}

function Machine({
  document,
  ahead,
  couple,
}: {
  readonly document: DesignerPart['document']
  readonly ahead: Ahead
  readonly couple: ChosenCouple
}) {
  const { choose } = useDesigner()
  const isPhone = useIsPhone()
  const clock = useVirtualClock(ahead)
  // Whoever presses a step stands at its moment; the drawing stays where it is looked at.
  const press = (id: string): void => {
    const at = ahead.told.find(({ node }) => node === id)?.at ?? null
    if (at !== null) clock.set(at)
    choose(id as NodeId)
  }
  const pressed = useRef(press)
  pressed.current = press
  const onPress = useMemo(() => (id: NodeId) => pressed.current(id), [])
  const outcome = <Outcome ahead={ahead} couple={couple} clock={clock.at} onPress={press} />
  return (
    <>
      <Controls ahead={ahead} couple={couple} clock={clock} />
      {isPhone ? (
        <div className="grid flex-1 content-start gap-y-6 px-5 py-5 pb-24">
          <Path steps={ahead.steps} clock={clock.at} />
          {outcome}
        </div>
      ) : (
        <div className="flex min-h-[360px] flex-1">
          <WalkedDrawing
            document={document}
            couple={couple}
            told={ahead.told}
            clock={clock.at}
            goesAlong={clock.touched}
            onPress={onPress}
          />
          <aside
            aria-label="What comes of it"
            className="w-[clamp(280px,30vw,400px)] shrink-0 overflow-y-auto border-l border-border bg-card px-5 py-4"
          >
            {outcome}
          </aside>
        </div>
      )}
    </>
  )
}

function Controls({
  ahead,
  couple,
  clock,
}: {
  readonly ahead: Ahead
  readonly couple: ChosenCouple
  readonly clock: VirtualClock
}) {
  const messages = messagesOf(ahead)
  const shown = new Date(clock.at).toISOString()
  const place = (at: number): string =>
    `${((at - ahead.from) / Math.max(1, ahead.until - ahead.from)) * 100}%`
  const weddingAt = ahead.wedding === null ? null : Date.parse(ahead.wedding)
  const last = ahead.steps.findLast(({ at }) => at !== null && at <= clock.at)
  // An hour at a time nobody gets to the wedding: arrows go from one thing that happens to the next.
  const walk = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null
    if (by === null) return
    event.preventDefault()
    clock.step(by)
  }
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-5 gap-y-2 border-b border-border bg-plan-surface px-5 py-2.5 md:flex-nowrap">
      <div className="flex items-center gap-1">
        <IconButton
          look="primary"
          size="lg"
          icon={clock.playing ? Pause : Play}
          label={clock.playing ? 'Stop the clock' : 'Run the clock'}
          onClick={clock.play}
        />
        <IconButton
          look="ghost"
          icon={ChevronLeft}
          label="Back to the moment before"
          disabled={!clock.hasBefore}
          onClick={() => clock.step(-1)}
        />
        <IconButton
          look="ghost"
          icon={ChevronRight}
          label="On to the next moment"
          disabled={!clock.hasNext}
          onClick={() => clock.step(1)}
        />
      </div>
      <div className="min-w-0 shrink-0 md:w-[250px]">
        <p className="truncate text-small text-plan-text">
          {last ? `Virtual clock, at: ${last.name}` : 'Virtual clock'}
        </p>
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
          aria-valuetext={`${tellWhen(shown, couple.zone)} ${cityOf(couple.zone)}${last ? `, ${last.name}` : ''}`}
          min={ahead.from}
          max={ahead.until}
          step={60_000}
          value={clock.at}
          onKeyDown={walk}
          onChange={({ target }) => clock.set(Number(target.value))}
          className="block h-6 w-full accent-[var(--plan-mark)]"
        />
      </div>
    </div>
  )
}
