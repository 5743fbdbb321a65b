import { TriangleAlert } from 'lucide-react'
import { isoOf } from '../../../core/time/instant.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { Section, Zone } from '../../../ui/Type.tsx'
import { capital, cityOf, inWords } from '../../times.ts'
import type { ChosenCouple } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { nameOf, ruleOf } from '../designer/words.ts'
import type { Ahead, SeenStep } from './ahead.ts'
import { isNoticed, stepIcon, tellWhen } from './steps.ts'

const sendsOf = ({ steps }: Ahead): readonly SeenStep[] =>
  steps.filter((step) => isNoticed(step.kind) && step.what !== 'wait')
export const messagesOf = (ahead: Ahead): readonly SeenStep[] =>
  sendsOf(ahead).filter((step) => step.what === 'send' && step.kind === 'module')

/** The chosen step, what wants a look, and everything that goes out. */
export function Outcome({
  ahead,
  couple,
  clock,
  onPress,
}: {
  readonly ahead: Ahead
  readonly couple: ChosenCouple
  readonly clock: number
  readonly onPress: (id: string) => void
}) {
  const sends = sendsOf(ahead)
  const messages = messagesOf(ahead)
  const over = messages.filter((step) => step.at !== null && step.at <= clock).length
  return (
    <div className="min-w-0">
      <p className="font-display text-h2 tracking-display text-pretty" aria-live="polite">
        {ahead.steps.length === 0 ? (
          <NeverBegins couple={couple} refused={ahead.refused} />
        ) : (
          lede(couple, messages, ahead)
        )}
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
      <ChosenStep ahead={ahead} couple={couple} />
      <div className="mt-5">
        <Section title="What goes out" meta={`${over} so far, ${messages.length - over} to come`}>
          <ul>
            {sends.map((step, index) => (
              <Line
                key={step.key}
                step={step}
                assumes={newlyAssumed(step, sends[index - 1])}
                over={step.at !== null && step.at <= clock}
                onPress={() => onPress(step.node)}
              />
            ))}
          </ul>
        </Section>
      </div>
      <p className="mt-4 text-small text-muted-foreground">
        {ahead.tookMs === null
          ? 'Computed by the server, whose clocks this browser does not share,'
          : `Computed in this browser in ${Math.max(1, Math.round(ahead.tookMs))} ms`}{' '}
        by the functions that send, as if the journey began for them now.
        {ahead.truncated && ' There is more, further away.'}
      </p>
    </div>
  )
}

/** Its own condition keeps them out; or it begins on a day of the calendar, and they have no such day. */
function NeverBegins({
  couple,
  refused,
}: {
  readonly couple: ChosenCouple
  readonly refused: string | null
}) {
  const { document } = useDesigner()
  const trigger = document.nodes.find(({ kind }) => kind === 'trigger')
  const rule = trigger ? ruleOf(trigger) : ''
  return (
    <>
      This journey does not begin for {couple.name}.
      {refused !== null && <span className="mt-2 block text-body font-normal">{refused}</span>}
      {rule !== '' && ` It begins ${rule}, and that day is not known for them, or over.`}
    </>
  )
}

/** The step that is pressed: when it comes, and why then. */
function ChosenStep({ ahead, couple }: { readonly ahead: Ahead; readonly couple: ChosenCouple }) {
  const { step: chosen, document } = useDesigner()
  const node = document.nodes.find(({ id }) => id === chosen)
  if (!node) return null
  const seen = ahead.steps.find((step) => step.node === chosen)
  return (
    <div className="mt-4 rounded-md bg-muted px-3 py-2.5" data-chosen-step>
      <p className="font-strong">{nameOf(node)}</p>
      <p className="text-small">
        {!seen ? (
          <span className="text-muted-foreground">{couple.name} never come to it this way.</span>
        ) : seen.at === null ? (
          'when nobody can say yet'
        ) : (
          <>
            {tellWhen(isoOf(seen.at), seen.zone)} <Zone>{cityOf(seen.zone)}</Zone>
          </>
        )}
      </p>
      {seen && seen.why !== '' && <p className="mt-1 text-small text-muted-foreground">{seen.why}</p>}
      {seen && seen.assumes.length > 0 && (
        <p className="mt-1 text-small text-muted-foreground">If {seen.assumes.join(' and ')}.</p>
      )}
    </div>
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
  onPress,
}: {
  readonly step: SeenStep
  readonly assumes: readonly string[]
  readonly over: boolean
  readonly onPress: () => void
}) {
  const leftOut = step.what === 'skip'
  const merged = step.what === 'merge'
  return (
    <li
      className={`grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-x-2 border-t border-border py-2 first:border-t-0 ${over && !leftOut ? '' : 'text-muted-foreground'}`}
    >
      <Icon of={stepIcon(step.kind, step.type)} className="mt-0.5 text-muted-foreground" />
      <div className="min-w-0">
        <button type="button" className="rounded-xs text-left font-strong hover:underline" onClick={onPress}>
          {step.name}
        </button>
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
