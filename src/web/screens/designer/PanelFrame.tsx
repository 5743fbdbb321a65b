import { Copy, CopyPlus, Ellipsis, Scissors, Trash2, X } from 'lucide-react'
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { clipOf } from '../../../core/journey/edit/clip.ts'
import { rename } from '../../../core/journey/edit/edits.ts'
import { mainExit } from '../../../core/journey/edit/places.ts'
import type { Node } from '../../../core/journey/graph.ts'
import { applyPatch, type Patch } from '../../../core/journey/patch.ts'
import { reachable } from '../../../core/journey/walk.ts'
import type { Problem } from '../../../core/problem.ts'
import type { Zone } from '../../../core/time/local.ts'
import { tellMoment } from '../../../core/time/spoken.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Kbd } from '../../../ui/Kbd.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { Zone as City, LINK } from '../../../ui/Type.tsx'
import { cityOf } from '../../times.ts'
import { shortOf } from './AsChip.tsx'
import { useBuilding } from './building.ts'
import { useDesigner } from './context.ts'
import { sentenceFor } from './foretold.ts'
import { KindEditor } from './KindEditor.tsx'
import { Later } from './Later.tsx'
import { MendElsewhere } from './MendElsewhere.tsx'
import { TileIcon } from './StepNode.tsx'
import { WaysOn } from './WaysOn.tsx'
import { iconOf, nameOf, type Said, sentenceParts, tileOf } from './words.ts'

/** One step, beside the drawing: what it says, when that is for the chosen couple, what is wrong, and all of it to change. */
export function PanelFrame({
  step,
  asSheet,
  onClose,
}: {
  readonly step: NodeId
  readonly asSheet: boolean
  readonly onClose: () => void
}) {
  const { outline, mayEdit, askWhat, remove, edit } = useBuilding()
  const node = outline.node(step)
  if (!node) return null
  const exit = mainExit(outline, node)
  if (asSheet)
    return (
      <Sheet
        title={nameOf(node)}
        open
        onOpenChange={onClose}
        {...(mayEdit && {
          actions: (
            <>
              {exit !== null && (
                <Button
                  onClick={() => {
                    onClose()
                    askWhat({ from: node.id, exit }, document.getElementById(`step-${node.id}`))
                  }}
                >
                  Add after
                </Button>
              )}
              {node.kind !== 'trigger' && (
                <Button
                  look="quiet-danger"
                  onClick={() => {
                    onClose()
                    remove(node.id)
                  }}
                >
                  Remove
                </Button>
              )}
            </>
          ),
        })}
      >
        <Body node={node} />
        {mayEdit && (
          <div className="mt-5 border-t border-border pt-3">
            <Field label="Its name" optional>
              <Input
                defaultValue={node.name ?? ''}
                maxLength={200}
                onBlur={(event) =>
                  event.target.value.trim() !== (node.name ?? '') &&
                  edit('Rename', {
                    ok: true,
                    journey: rename(outline.journey, node.id, event.target.value),
                    step: node.id,
                  })
                }
              />
            </Field>
          </div>
        )}
      </Sheet>
    )
  return (
    <aside
      data-step-panel
      aria-label={`Step: ${nameOf(node)}`}
      className="flex min-h-0 w-[var(--size-panel)] shrink-0 flex-col border-l border-border bg-card"
    >
      <div className="flex items-center gap-2.5 pt-3.5 pr-3 pb-2.5 pl-5">
        <TileIcon tile={tileOf(node)} icon={iconOf(node)} />
        <Title node={node} />
        <More node={node} />
        <IconButton look="ghost" size="sm" icon={X} label="Close" keys={['Esc']} onClick={onClose} />
      </div>
      <div className="panel-body min-h-0 flex-1 overflow-y-auto px-5 pb-5">
        <Body node={node} />
      </div>
      <div className="flex items-center gap-1.5 border-t border-border px-5 py-2 text-small whitespace-nowrap text-muted-foreground">
        <Kbd keys={['↑']} />
        <Kbd keys={['↓']} /> walk the journey
        <span className="ml-auto" />
        <Kbd keys={['A']} /> add after
        <Kbd keys={['Del']} /> remove
      </div>
    </aside>
  )
}

/** Its name, changed in place. Empty, it is called by what it does. */
function Title({ node }: { readonly node: Node }) {
  const { outline, mayEdit, edit } = useBuilding()
  const [typing, setTyping] = useState(false)
  const heading = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (typing) heading.current?.select()
  }, [typing])
  if (!typing)
    return (
      <h2 className="min-w-0 flex-1 font-display text-[20px] leading-6 font-medium tracking-display">
        {mayEdit ? (
          <button
            type="button"
            title="Give it another name"
            className="max-w-full rounded-xs text-left text-pretty hover:underline hover:decoration-border-strong hover:decoration-dotted hover:underline-offset-4"
            onClick={() => setTyping(true)}
          >
            {nameOf(node)}
          </button>
        ) : (
          nameOf(node)
        )}
      </h2>
    )
  const end = (name: string | null): void => {
    setTyping(false)
    if (name !== null && name.trim() !== (node.name ?? ''))
      edit('Rename', { ok: true, journey: rename(outline.journey, node.id, name), step: node.id })
  }
  return (
    <input
      ref={heading}
      aria-label="Its name"
      defaultValue={node.name ?? ''}
      placeholder={nameOf(node)}
      maxLength={200}
      className="min-w-0 flex-1 rounded-xs border-b border-ring bg-transparent font-display text-[20px] leading-6 font-medium outline-none"
      onBlur={(event) => end(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(event.currentTarget.value)
        if (event.key === 'Escape') {
          event.stopPropagation()
          event.preventDefault()
          end(null)
        }
      }}
    />
  )
}

function More({ node }: { readonly node: Node }) {
  const { outline, copy, remove, add, mayEdit } = useBuilding()
  const onlyThis = new Set([node.id])
  const follows = reachable([node.id], (id) => outline.ways(id).map((way) => way.to))
  const exit = mainExit(outline, node)
  return (
    <Menu
      trigger={<IconButton look="ghost" size="sm" icon={Ellipsis} label="More to do with this step" />}
      items={[
        { label: 'Copy', icon: Copy, keys: ['Mod', 'C'], onSelect: () => copy(onlyThis) },
        {
          label: 'Copy with all that follows',
          icon: Copy,
          disabled: follows.size < 2,
          onSelect: () => copy(follows),
        },
        ...(mayEdit
          ? ([
              {
                label: 'Duplicate',
                icon: CopyPlus,
                keys: ['Mod', 'D'],
                disabled: exit === null || node.kind === 'trigger',
                onSelect: () => exit && add({ from: node.id, exit }, clipOf(outline, onlyThis), 'Duplicate'),
              },
              'line',
              {
                label: 'Cut',
                icon: Scissors,
                keys: ['Mod', 'X'],
                disabled: node.kind === 'trigger',
                onSelect: () => copy(onlyThis, true),
              },
              {
                label: 'Remove',
                icon: Trash2,
                keys: ['Del'],
                danger: true,
                disabled: node.kind === 'trigger',
                onSelect: () => remove(node.id),
              },
            ] as const)
          : []),
      ]}
    />
  )
}

function Body({ node }: { readonly node: Node }) {
  const { outline, found, mayEdit } = useBuilding()
  return (
    <>
      <Sentence parts={sentenceParts(node, outline)} />
      <Resolved node={node} />
      <Problems problems={found.of(node.id).filter((one) => !isInForm(node, one))} />
      <fieldset disabled={!mayEdit} className="mt-4 min-w-0 space-y-4">
        <KindEditor node={node} problems={found.of(node.id)} />
      </fieldset>
      <Later>
        <WaysOn node={node} />
      </Later>
    </>
  )
}

/** What a form says beside its field is not said twice. */
const isInForm = (node: Node, problem: Problem): boolean =>
  node.kind === 'module' && /^\/nodes\/\d+\/config\/[^/]+/.test(problem.path)

function Sentence({ parts }: { readonly parts: readonly Said[] }) {
  return (
    <p className="font-display text-[18px] leading-[30px] text-pretty">
      {parts.map((said, index) =>
        typeof said === 'string' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a sentence have no other name than their place.
          <Fragment key={index}>{said}</Fragment>
        ) : (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            key={index}
            type="button"
            onClick={() => focusPart(said.part)}
            className={
              said.rose
                ? 'rounded-xs text-left font-medium text-rose-text underline decoration-rose-border decoration-1 underline-offset-[5px] hover:decoration-current'
                : 'rounded-xs text-left font-medium text-link underline decoration-primary-tone-border decoration-1 underline-offset-[5px] hover:decoration-current'
            }
          >
            {said.says}
          </button>
        ),
      )}
    </p>
  )
}

/** From the words to the field that says them. */
function focusPart(part: string): void {
  const section = document.querySelector(`[data-part="${part}"]`)
  section?.scrollIntoView({ block: 'nearest' })
  section?.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
}

function Resolved({ node }: { readonly node: Node }) {
  const { couple } = useDesigner()
  const { visits } = useBuilding()
  const [why, setWhy] = useState(false)
  const visit = visits.get(node.id)
  if (!couple || visits.size === 0 || node.kind === 'goal' || node.kind === 'join') return null
  const who = shortOf(couple.name)
  if (!visit)
    return (
      <Box>
        <p className="text-small text-muted-foreground">
          {who} would not come here: another way is theirs, as things stand.
        </p>
      </Box>
    )
  const isLeftOut = visit.what === 'skip'
  const teller = { zone: couple.zone, now: couple.now }
  const because = [...new Set(visit.because.map((one) => sentenceFor(one, teller)))]
  return (
    <Box>
      <p className="text-small text-muted-foreground">
        {isLeftOut
          ? `For ${who} it is`
          : node.kind === 'await'
            ? `${who} are waited for until`
            : `For ${who} that is`}
      </p>
      <p className="font-display text-h3 font-medium">
        {isLeftOut ? (
          'left out'
        ) : visit.at === null ? (
          'nobody can say yet'
        ) : (
          <Moment at={visit.at} zone={couple.zone} />
        )}
      </p>
      <p className="text-small text-muted-foreground">
        {visit.at !== null &&
          !isLeftOut &&
          elsewhere(visit.at, couple.zone, [couple.view.vendor.zone, couple.view.client.zone])}
        {because.length > 0 && (
          <button type="button" aria-expanded={why} className={LINK} onClick={() => setWhy(!why)}>
            Why?
          </button>
        )}
      </p>
      {why && (
        <ul className="mt-1.5 space-y-1 border-l-2 border-info-mark pl-2.5 text-small">
          {because.map((one) => (
            <li key={one} className="first:font-display first:text-body first:italic">
              {one}
            </li>
          ))}
          {visit.assumes.map((one) => (
            <li key={one} className="text-muted-foreground">
              {one}
            </li>
          ))}
        </ul>
      )}
    </Box>
  )
}

const Box = ({ children }: { readonly children: ReactNode }) => (
  <div className="mt-3 rounded-md bg-sunken px-3 py-2.5">{children}</div>
)

function Moment({
  at,
  zone,
}: {
  readonly at: NonNullable<Parameters<typeof tellMoment>[0]>
  readonly zone: Zone
}) {
  const told = tellMoment(at, zone)
  const city = cityOf(zone)
  return (
    <>
      {told.slice(0, told.length - city.length)}
      <City>{city}</City>
    </>
  )
}

/** "09:00 London, 04:00 Toronto. ": the same moment where the others are. */
function elsewhere(
  at: Parameters<typeof tellMoment>[0],
  zone: Zone,
  others: readonly (Zone | null)[],
): string {
  const zones = [...new Set(others.filter((one) => one !== null && one !== zone))] as Zone[]
  const here = tellMoment(at, zone).split(' ')
  const told = zones.map((one) => {
    const words = tellMoment(at, one).split(' ')
    return words.slice(0, 3).join() === here.slice(0, 3).join() ? words.slice(4).join(' ') : words.join(' ')
  })
  return told.length === 0 ? '' : `${told.join(', ')}. `
}

export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const { mayEdit } = useBuilding()
  const mend = useMend()
  if (problems.length === 0) return null
  return (
    <div className="mt-3 space-y-2">
      {problems.map((one) => (
        <Banner
          key={`${one.code} ${one.path} ${one.message}`}
          kind={one.severity === 'error' ? 'danger' : 'warning'}
          title={one.severity === 'error' ? 'This must be mended' : 'Worth a look'}
          action={
            one.mendAt ? (
              <MendElsewhere at={one.mendAt} />
            ) : one.fix && mayEdit ? (
              <Button size="sm" onClick={() => mend(one)}>
                {one.fix.label}
              </Button>
            ) : undefined
          }
        >
          {one.message}
        </Banner>
      ))}
    </div>
  )
}

/** The fix a problem brings along, as one edit that can be undone. */
export function useMend(): (problem: Problem) => void {
  const { outline, edit } = useBuilding()
  const { step } = useDesigner()
  return ({ fix, node }) => {
    if (!fix) return
    const journey = applyPatch(outline.journey, fix.change as Patch)
    edit(fix.label, { ok: true, journey, step: (node as NodeId | undefined) ?? step })
  }
}
