import { ReactFlowProvider } from '@xyflow/react'
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { saveDraft } from '../../../contract/journeys.ts'
import type { NodeId } from '../../../core/ids.ts'
import { type Clip, clipOf, clipText } from '../../../core/journey/edit/clip.ts'
import { change, connect, insert, remove, removeAll, removeBranch } from '../../../core/journey/edit/edits.ts'
import type { NewStep } from '../../../core/journey/edit/new-step.ts'
import { branchAt, type Edited, mainExit, type Place } from '../../../core/journey/edit/places.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { toast } from '../../../ui/toasts.ts'
import { useHere } from '../../session.ts'
import { cityOf } from '../../times.ts'
import { useLook } from '../foresight/useLook.ts'
import { AddMenu, type Group } from './AddMenu.tsx'
import { shortOf } from './AsChip.tsx'
import { type Building, BuildingContext } from './building.ts'
import { Canvas } from './Canvas.tsx'
import type { Choice } from './choice.ts'
import { useDesigner } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { focusPanel } from './focus.ts'
import { firstVisits, foresee, refusedFor, runsAhead } from './foresee.ts'
import type { ToldStep } from './foretold.ts'
import { judge, NOT_JUDGED } from './judge.ts'
import { lanesOf } from './lanes.ts'
import { layout } from './layout.ts'
import { MiniDrawing } from './MiniDrawing.tsx'
import { PanelFrame } from './PanelFrame.tsx'
import { RemoveDialog } from './RemoveDialog.tsx'
import { registry } from './registry.ts'
import { type Asking, wouldGo } from './removing.ts'
import { StepList } from './StepList.tsx'
import { waysNotTaken, waysTaken } from './taken.ts'
import { useBuildKeys } from './useBuildKeys.ts'
import { useForetold } from './useForetold.ts'
import { useIsPhone } from './useIsPhone.ts'
import { useShown } from './useShown.ts'
import { inOrder } from './walking.ts'
import { nameOf } from './words.ts'

/** The drawing and its panel. */
type Props = { readonly keeper: DraftKeeper; readonly choice: Choice }
export function Build(props: Props) {
  return (
    <ReactFlowProvider>
      <Board {...props} />
    </ReactFlowProvider>
  )
}

function Board({ keeper, choice }: Props) {
  const { journeyId, document, around, couple, step } = useDesigner()
  const mayEdit = useHere().may(saveDraft)
  const isPhone = useIsPhone()
  const outline = useMemo(() => outlineOf(document, registry), [document])
  const drawn = useMemo(() => layout(outline), [outline])
  // Judging and running ahead may come a moment later; what is typed may not.
  const later = useDeferredValue<Journey | null>(document, null)
  const found = useMemo(() => (later === null ? NOT_JUDGED : judge(later, around)), [later, around])
  const { elsewhere, told } = useForetold(journeyId, later, couple, { whole: runsAhead(found) })
  const foreseen = useMemo(
    () => (couple && foresee(found, couple, told)) ?? NOT_FORESEEN,
    [told, found, couple],
  )
  const visits = useMemo(() => firstVisits(foreseen), [foreseen])
  const refused = useMemo(
    () => (couple && foreseen.length === 0 ? refusedFor(found, couple) : null),
    [foreseen, found, couple],
  )
  const dim = useMemo(() => waysNotTaken(drawn, waysTaken(outline, foreseen)), [drawn, outline, foreseen])
  const lanes = useMemo(() => lanesOf(drawn, visits, couple?.zone ?? null), [drawn, visits, couple])
  const [open, setOpen] = useState(step !== null)
  const [adding, setAdding] = useState<{ place: Place; near: Element | null; first: Group | null } | null>(
    null,
  )
  const [asking, setAsking] = useState<Asking | null>(null)
  const [inHand, setInHand] = useState<Clip | null>(null)
  const { looked, look } = useLook()
  const asList = looked.seen === 'list'

  const edit = useCallback(
    (label: string, edited: Edited, burst?: string): boolean => {
      if (!edited.ok) {
        toast(edited.why)
        return false
      }
      keeper.edit({ label, document: edited.journey, step: edited.step, ...(burst && { burst }) })
      return true
    },
    [keeper],
  )
  const building = useMemo((): Building => {
    const { journey } = outline
    const add = (place: Place, clip: Clip, label: string): void => {
      setAdding(null)
      if (!edit(label, insert(journey, registry, place, clip))) return
      setOpen(true)
      focusPanel()
      if (clip.nodes.length > 1) toast(`${clip.nodes.length} steps are added`, { undo: () => keeper.undo() })
    }
    return {
      outline,
      found,
      visits,
      mayEdit,
      edit,
      add,
      change: (node, burst) => void edit(`Change “${nameOf(node)}”`, change(journey, registry, node), burst),
      settle: (settings, burst) =>
        void edit(
          'Change the journey',
          { ok: true, journey: { ...journey, ...settings }, step: keeper.kept().history.now.step },
          burst,
        ),
      askWhat: (place, near, first) => mayEdit && setAdding({ place, near, first: first ?? null }),
      remove: (id) => {
        const node = outline.node(id)
        if (!node) return
        const asked = { is: 'step', id, keep: mainExit(outline, node) } as const
        if (wouldGo(outline, asked).length > 1) return setAsking(asked)
        if (edit(`Remove “${nameOf(node)}”`, remove(journey, registry, id)))
          toast(`${nameOf(node)} is removed`, { undo: () => keeper.undo() })
      },
      removeBranch: (place) => {
        if (branchAt(outline, place).steps.length > 0) setAsking({ is: 'branch', place })
        else edit('Remove the way', removeBranch(journey, registry, place, null))
      },
      choose: (id) => {
        keeper.choose(id)
        choice.mark(NOTHING)
      },
      copy: (ids, cut = false) => {
        const clip = clipOf(outline, ids)
        if (clip.nodes.length === 0) return
        setInHand(clip)
        void navigator.clipboard?.writeText(clipText(clip)).catch(() => undefined)
        if (cut) edit('Cut', removeAll(journey, registry, ids))
        toast(`${clip.nodes.length === 1 ? 'The step is' : `${clip.nodes.length} steps are`} in hand`)
      },
    }
  }, [outline, found, visits, mayEdit, edit, choice, keeper])

  const placeAfter = (id: NodeId | null): Place | null => {
    const last = id ?? step ?? inOrder(drawn).find((one) => outline.node(one)?.kind === 'trigger') ?? null
    const node = last === null ? undefined : outline.node(last)
    const exit = node && mainExit(outline, node)
    if (node && exit) return { from: node.id, exit }
    // After an end there is nothing: it goes before it, where the path still runs.
    const way = node && outline.into(node.id)[0]
    return way ? { from: way.from, exit: way.exit } : null
  }
  const addAfterChosen = (one: NewStep): void => {
    const place = placeAfter(null)
    if (place) building.add(place, one.clip, `Add “${one.label}”`)
  }
  const press = useCallback(
    (id: NodeId, more: boolean) => {
      if (more) {
        const now = keeper.kept().history.now.step
        choice.mark(new Set([...choice.marked(), ...(now ? [now] : []), id]))
        return keeper.choose(id)
      }
      choice.mark(NOTHING)
      keeper.choose(id)
      setOpen(true)
    },
    [keeper, choice],
  )
  const steps = useShown({ outline, drawn, found, visits, couple, press })
  const goes = useMemo(() => (asking ? wouldGo(outline, asking) : NONE), [outline, asking])
  const shown = useMemo(() => {
    const going = new Set(goes)
    return going.size === 0 ? steps : steps.map((one) => (going.has(one.id) ? { ...one, goes: true } : one))
  }, [steps, goes])
  choice.beginAt(shown[0]?.id ?? null)
  const firstToGo = goes[0]
  useEffect(() => {
    if (isPhone && firstToGo) window.document.getElementById(`step-${firstToGo}`)?.scrollIntoView()
  }, [isPhone, firstToGo])
  useBuildKeys({
    keeper,
    building,
    drawn,
    isOpen: open,
    choice,
    inHand,
    setOpen,
    setInHand,
    toggleList: () => look({ seen: asList ? undefined : 'list' }),
    askAfter: (id) => {
      const place = placeAfter(id)
      if (place) building.askWhat(place, window.document.getElementById(`step-${id ?? place.from}`))
    },
    placeAfter,
  })
  const list = (
    <StepList
      drawn={drawn}
      lanes={lanes}
      shown={shown}
      onPress={press}
      onAdd={(id, near) => {
        const place = placeAfter(id)
        if (place) building.askWhat(place, near)
      }}
    />
  )
  return (
    <BuildingContext value={building}>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {elsewhere !== null && (
          <div className="px-4 pt-3 max-md:pb-3">
            <Banner
              kind="info"
              title={`This browser knows other clocks for ${cityOf(elsewhere)} than the server`}
            >
              Its time zones are of another year, so the server looks ahead in its place: the moments beside
              the steps are the ones that count.
            </Banner>
          </div>
        )}
        {couple && refused !== null && (
          <div className="px-4 pt-3 max-md:pb-3">
            <Banner kind="info" title={`No moments for ${shortOf(couple.name)}: it would not begin for them`}>
              {refused} Choose another couple above to see when each step comes.
            </Banner>
          </div>
        )}
        <div className="flex min-h-0 min-w-0 flex-1 flex-col md:flex-row">
          {isPhone ? (
            <div className="min-h-0 flex-1 overflow-y-auto">
              <MiniDrawing
                drawn={drawn}
                shown={shown}
                onPress={(id) => {
                  keeper.choose(id)
                  window.document.getElementById(`step-${id}`)?.scrollIntoView({ block: 'center' })
                }}
              />
              {list}
            </div>
          ) : asList ? (
            <div className="min-h-0 flex-1 overflow-y-auto px-10 py-4">{list}</div>
          ) : (
            <Canvas
              drawn={drawn}
              lanes={lanes}
              shown={shown}
              dim={dim}
              follow={firstToGo ?? step}
              openWay={adding ? `${adding.place.from}.${adding.place.exit}` : null}
              onDropNew={(one, way) =>
                building.add({ from: way.from, exit: way.exit }, one.clip, `Add “${one.label}”`)
              }
              onLead={(way, to) =>
                edit(
                  'Lead a way elsewhere',
                  connect(document, registry, { from: way.from, exit: way.exit }, to),
                )
              }
              onAddAfterChosen={addAfterChosen}
              onMore={(near, first) => {
                const place = placeAfter(null)
                if (place) building.askWhat(place, near, first)
              }}
            />
          )}
          {/* A phone has room for one question, and the drawing above it. */}
          {open && step !== null && !(isPhone && asking) && (
            <PanelFrame key={step} step={step} asSheet={isPhone} onClose={() => setOpen(false)} />
          )}
        </div>
      </div>
      {adding && (
        <AddMenu
          outline={outline}
          place={adding.place}
          near={adding.near}
          inHand={inHand}
          first={adding.first}
          onAdd={(clip, label) => building.add(adding.place, clip, label)}
          onClose={() => setAdding(null)}
        />
      )}
      {asking && (
        <RemoveDialog
          asking={asking}
          goes={goes}
          onKeep={(keep) => asking.is === 'step' && setAsking({ ...asking, keep })}
          onClose={() => setAsking(null)}
          onRemove={(label, edited) => {
            setAsking(null)
            if (edit(label, edited)) toast(`${label}: done`, { undo: () => keeper.undo() })
          }}
        />
      )}
    </BuildingContext>
  )
}

const NOT_FORESEEN: readonly ToldStep[] = []
const NOTHING: ReadonlySet<NodeId> = new Set()
const NONE: readonly NodeId[] = []
