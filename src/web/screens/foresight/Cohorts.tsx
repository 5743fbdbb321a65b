import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { readVendor } from '../../../contract/vendors.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { Select } from '../../../ui/Select.tsx'
import { LINK, Zone } from '../../../ui/Type.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, inWords } from '../../times.ts'
import { useDesigner } from '../designer/context.ts'
import { type Cohort, cohortKey, type Foreseen, lacks, usualWish, type Wish, type Wishes } from './plan.ts'
import { counted, tellWhen } from './steps.ts'

const COUPLES_SHOWN = 4

/** The couples on their way by where they stand: how many, what should happen, and what then happens. */
export function Cohorts({
  cohorts,
  foreseen,
  version,
  wishes,
  onWish,
}: {
  readonly cohorts: readonly Cohort[]
  readonly foreseen: Foreseen
  readonly version: number
  readonly wishes: Wishes
  readonly onWish: (cohort: Cohort, wish: Wish) => void
}) {
  return (
    <section
      aria-label="Couples on the way, by where they are"
      className="mt-4 border-t border-border-strong"
    >
      <ul>
        {cohorts.map((cohort) => (
          <OneCohort
            key={cohortKey(cohort)}
            cohort={cohort}
            result={foreseen.cohorts.find((one) => cohortKey(one) === cohortKey(cohort)) ?? cohort}
            couples={foreseen.couples.filter((one) => cohortKey(one) === cohortKey(cohort))}
            version={version}
            wish={wishes[cohortKey(cohort)] ?? usualWish(cohort)}
            onWish={(wish) => onWish(cohort, wish)}
          />
        ))}
      </ul>
    </section>
  )
}

function useNames() {
  const { document, journey } = useDesigner()
  const old = (journey.live?.nodes ?? []) as typeof document.nodes
  const all = new Map([...old, ...document.nodes].map((node) => [node.id as string, titleOf(node)]))
  const targets = document.nodes.filter((node) => node.kind !== 'trigger')
  return {
    nameOf: (id: string) => all.get(id) ?? id,
    joins: new Set(
      [...old, ...document.nodes].filter((node) => node.kind === 'join').map((node) => node.id as string),
    ),
    order: document.nodes.map((node) => node.id as string),
    targets: targets.map((node) => ({ value: node.id as string, label: titleOf(node) })),
  }
}

const PLACES_TOLD = 2
/** Side by side they stand at several steps: the first of them, and how many more. */
function placesOf(names: readonly string[]): string {
  const more = names.length - PLACES_TOLD
  if (names.length === 0) return 'where their ways come together'
  return `at ${names.slice(0, PLACES_TOLD).join(', ')}${more > 0 ? ` and ${inWords(more)} more` : ''}`
}

function OneCohort({
  cohort,
  result,
  couples,
  version,
  wish,
  onWish,
}: {
  readonly cohort: Cohort
  readonly result: Cohort
  readonly couples: Foreseen['couples']
  readonly version: number
  readonly wish: Wish
  readonly onWish: (wish: Wish) => void
}) {
  const { nameOf, order, targets, joins } = useNames()
  const at = placesOf(cohort.at.filter((id) => !joins.has(id)).map(nameOf))
  const missing = lacks(cohort, wish)
  return (
    <li className="grid gap-x-6 gap-y-2 border-b border-border py-4 md:grid-cols-[minmax(0,1fr)_216px_minmax(0,1.1fr)]">
      <div className="flex gap-3">
        <span className="font-display text-h1 leading-8">{cohort.runs}</span>
        <div className="min-w-0 flex-1">
          <p className="font-strong">{at}</p>
          <p className="text-small text-muted-foreground">on version {cohort.version}</p>
          <Dots order={order} at={cohort.at} gone={cohort.gone} />
        </div>
      </div>
      <div className="grid content-start gap-1.5">
        <Select
          aria-label={`What becomes of those ${at}`}
          value={wish.is}
          choices={[
            { value: 'move', label: `Move to version ${version}` },
            { value: 'finish', label: `Finish on version ${cohort.version}` },
            { value: 'jump', label: 'Jump to another step' },
          ]}
          onChange={({ target }) =>
            onWish(
              target.value === 'move'
                ? { is: 'move', redirects: {} }
                : target.value === 'jump'
                  ? { is: 'jump', to: targets[0]?.value ?? '' }
                  : { is: 'finish' },
            )
          }
        />
        {wish.is === 'jump' && (
          <Select
            aria-label="To which step"
            value={wish.to}
            choices={targets}
            onChange={({ target }) => onWish({ is: 'jump', to: target.value })}
          />
        )}
        {wish.is === 'move' &&
          cohort.gone.map((gone) => (
            <Select
              key={gone}
              aria-label={`${nameOf(gone)} is gone: where they go on`}
              value={wish.redirects[gone] ?? ''}
              placeholder={`${nameOf(gone)} is gone: go on at …`}
              choices={[{ value: '', label: 'Go on at …', disabled: true }, ...targets]}
              onChange={({ target }) =>
                onWish({ is: 'move', redirects: { ...wish.redirects, [gone]: target.value } })
              }
            />
          ))}
      </div>
      <div className="min-w-0">
        {missing.length > 0 ? (
          <p className="font-medium text-warning-text">
            {missing.map(nameOf).join(', ')} {missing.length === 1 ? 'is' : 'are'} gone: say where they go on.
          </p>
        ) : (
          <p>
            {result.blocked > 0
              ? `${counted(result.blocked, 'couple')} cannot be taken along.`
              : result.moves === 0
                ? 'Nothing changes for them.'
                : result.moves === result.runs
                  ? `${result.runs === 1 ? 'They go' : `All ${result.runs} go`} on with version ${version}.`
                  : `${result.moves} go on with version ${version}, ${result.finishes} finish.`}
          </p>
        )}
        {result.why.map((why) => (
          <p key={why} className="text-small text-muted-foreground">
            {why}
          </p>
        ))}
        <ul className="mt-0.5">
          {couples.slice(0, COUPLES_SHOWN).map((couple) => (
            <Before key={couple.run} couple={couple} />
          ))}
        </ul>
        {couples.length > COUPLES_SHOWN && (
          <p className="text-small text-muted-foreground">and {couples.length - COUPLES_SHOWN} more</p>
        )}
      </div>
    </li>
  )
}

/** What comes next for one couple, before and after. */
function Before({ couple }: { readonly couple: Foreseen['couples'][number] }) {
  const { vendor } = useHere()
  const business = useQuery(asks(readVendor, { params: { vendor } }))
  const zone = business.data?.data.zone ?? hereZone()
  const { before, after } = couple
  const same = before?.node === after?.node && before?.at === after?.at
  const moment = (step: typeof before) => (step?.at ? tellWhen(step.at, zone) : 'without a moment yet')
  const told = (step: typeof before) =>
    step === null ? 'nothing more' : `${step.name}${step.at ? ` ${tellWhen(step.at, zone)}` : ''}`
  return (
    <li className="text-small">
      <Link to="/clients/$clientId" params={{ clientId: couple.client }} className={LINK}>
        {couple.names}
      </Link>
      :{' '}
      {same || couple.is !== 'moves' ? (
        <>
          next {told(before)} <Zone>{cityOf(zone)}</Zone>
        </>
      ) : (
        <>
          {before?.node === after?.node && `${after?.name} `}
          <s className="text-muted-foreground">
            {before?.node === after?.node ? moment(before) : told(before)}
          </s>{' '}
          <Icon of={ArrowRight} size={12} className="inline text-muted-foreground" />{' '}
          <b className="font-strong">{before?.node === after?.node ? moment(after) : told(after)}</b>{' '}
          <Zone>{cityOf(zone)}</Zone>
        </>
      )}
    </li>
  )
}

/** The way at a glance, with where they stand. */
function Dots({
  order,
  at,
  gone,
}: {
  readonly order: readonly string[]
  readonly at: readonly string[]
  readonly gone: readonly string[]
}) {
  return (
    <span aria-hidden="true" className="mt-1.5 flex max-w-[220px] items-center">
      {order.slice(0, 24).map((id) => (
        <span key={id} className="flex flex-1 items-center before:h-px before:flex-1 before:bg-border-strong">
          <span
            className={`size-1.5 rounded-full ${at.includes(id) ? 'bg-primary outline-2 outline-primary' : 'border border-border-strong bg-background'}`}
          />
        </span>
      ))}
      {gone.length > 0 && <span className="ml-2 size-2 rounded-full border-2 border-danger-mark" />}
    </span>
  )
}
