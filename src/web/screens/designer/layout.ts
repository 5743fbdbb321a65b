import type { NodeId } from '../../../core/ids.ts'
import { mainExit } from '../../../core/journey/edit/places.ts'
import type { Node } from '../../../core/journey/graph.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { type Band, bandsOf } from './bands.ts'

/**
 * Where everything stands: from top to bottom, branches side by side in the order of their exits, and the same
 * drawing for the same journey. A pure function; linear in steps but for the packing of branches, which looks at
 * each row a branch spans.
 *
 *  L1 A step stands below everything that leads to it (rounds aside).
 *  L2 No two steps touch, and no way runs through a step.
 *  L3 Branches stand in the order of their exits.
 *  L4 A phase has its rows to itself: what stands beside a step is of the same phase.
 */
export const STEP_WIDTH = 304
export const STEP_HEIGHT = 50
export const ROW_PITCH = 108
const COLUMN_GAP = 40
/** The half width a way needs where it runs beside steps: its "+" and its word. */
const LANE_HALF = 52
const ROUND_GAP = 26

export type Spot = { readonly x: number; readonly y: number }
export type Way = {
  readonly id: string
  readonly from: NodeId
  readonly exit: string
  /** Null where the path is open. */
  readonly to: NodeId | null
  readonly main: boolean
  /** The column in which it runs down, and where it begins and ends. */
  readonly lane: number
  /** The column in which it parts from the other ways of its step; its own stretch to `lane` begins there. */
  readonly parts: number
  readonly start: Spot
  readonly end: Spot
  /** Leads back up, to a repeat. */
  readonly round: boolean
}
export type Drawn = {
  readonly spots: ReadonlyMap<NodeId, Spot>
  /** From top to bottom, each down to where the next begins. */
  readonly phases: readonly { readonly phase: string | null; readonly top: number }[]
  readonly ways: readonly Way[]
  readonly width: number
  readonly height: number
  readonly left: number
}

type Span = { left: number; right: number }
/** What each row takes up, around the column in which the block begins. */
type Outlines = Map<number, Span>
type Block = {
  rows: Outlines
  readonly step: NodeId | null
  /** Ways that run down in the first column of this block. */
  readonly lanes: string[]
  readonly parts: { readonly block: Block; readonly dx: number }[]
}

export function layout(outline: Outline): Drawn {
  const order = walkOrder(outline)
  const bands = bandsOf(order, (id) => outline.node(id)?.phase)
  const rows = rowsOf(outline, order, bands)
  const placed = new Set<NodeId>()
  const reach = reachOf(order)
  const block = blockAt(order.roots[0], -1)
  let base = bottomOf(block)
  const all = [block]
  for (const root of order.roots.slice(1)) {
    if (placed.has(root)) continue
    // What nothing leads to stands below, each by itself.
    shiftRows(root, base + 2)
    const one = blockAt(root, -1)
    base = Math.max(base, bottomOf(one))
    all.push(one)
  }
  return drawn(all)

  function shiftRows(root: NodeId, by: number): void {
    const seen = new Set([root])
    for (const id of seen) {
      if (placed.has(id)) continue
      rows.set(id, (rows.get(id) ?? 0) + by)
      for (const way of order.down(id)) seen.add(way.to)
    }
  }

  /** The steps from here on that nobody has placed yet, with this one in column 0. */
  function blockAt(root: NodeId | undefined, above: number): Block {
    if (root === undefined) return { rows: new Map(), step: null, lanes: [], parts: [] }
    if (placed.has(root)) return laneBlock(above + 1, (rows.get(root) ?? 0) - 1)
    placed.add(root)
    const node = outline.node(root)
    const row = rows.get(root) ?? 0
    const block: Block = { rows: new Map(), step: root, lanes: [], parts: [] }
    // A way that leads down past other rows keeps its column free.
    for (let r = above + 1; r < row; r++) widen(block.rows, r, -LANE_HALF, LANE_HALF)
    widen(block.rows, row, -STEP_WIDTH / 2, STEP_WIDTH / 2)
    if (!node) return block
    const exits = shownExits(outline, node)
    const targets = exits.map((exit) => order.target(root, exit))
    const main = mainExit(outline, node)
    const spread = isSpread(node)
    // Where the way on runs straight down, what follows stands under it: others may meet elsewhere, beside it.
    const straight = spread ? null : targets[exits.indexOf(main ?? '')]
    const meet = !spread && !straight ? null : meetingPoint(root, targets, straight?.to ?? null)
    // First what follows where the branches have met again: it belongs to none of them.
    const rest = meet === null || placed.has(meet) ? null : blockAt(meet, (rows.get(meet) ?? 0) - 1)
    const branches = exits.map((exit, index) => ({
      exit,
      block: branchFor(targets[index] ?? null, row, `${root}.${exit}`),
    }))
    if (spread) {
      if (rest) merge(block, rest, 0)
      putAround(block, branches)
      return block
    }
    for (const { block: straightOn } of branches.filter((one) => one.exit === main))
      merge(block, straightOn, 0)
    // Side ways that end far below leave no room under the step: then what follows stands beside them.
    if (rest) merge(block, rest, overlaps(block.rows, rest.rows) ? clearanceLeft(block.rows, rest.rows) : 0)
    putBeside(
      block,
      branches.filter((one) => one.exit !== main),
    )
    return block
  }

  function branchFor(target: { to: NodeId; round: boolean } | null, row: number, key: string): Block {
    const inside =
      target === null
        ? laneBlock(row + 1, row + 1)
        : target.round
          ? laneBlock(row + 1, row + 1)
          : blockAt(target.to, row)
    inside.lanes.push(key)
    return inside
  }

  /**
   * Where the branches of a step come together: the step nearest to it that most of them reach. Branches that end on
   * their way do not matter.
   */
  function meetingPoint(
    root: NodeId,
    targets: readonly ({ to: NodeId; round: boolean } | null)[],
    straight: NodeId | null,
  ): NodeId | null {
    const going = targets.filter((one) => one !== null && !one.round).map((one) => one!.to)
    if (going.length < 2) return null
    let best: NodeId | null = null
    let most = 1
    const from = order.place.get(root) ?? 0
    for (let at = from + 1; at < order.list.length; at++) {
      const id = order.list[at]!
      let count = 0
      for (const target of going) if (reach(target, id)) count += 1
      if (count > most && (straight === null || reach(straight, id))) {
        most = count
        best = id
        if (count === going.length) break
      }
    }
    return best
  }

  function drawn(blocks: readonly Block[]): Drawn {
    const spots = new Map<NodeId, Spot>()
    const lanes = new Map<string, number>()
    let [left, right, bottom] = [0, 0, 0]
    let across = 0
    for (const [index, one] of blocks.entries()) {
      const extent = extentOf(one)
      // Whatever stands by itself stands in a row of its own, side by side with its kind.
      const dx = index === 0 ? 0 : across - extent.left
      if (index > 0) across += extent.right - extent.left + COLUMN_GAP
      const todo = [{ block: one, x: dx }]
      for (let here = todo.pop(); here; here = todo.pop()) {
        const { block, x } = here
        if (block.step !== null) spots.set(block.step, { x, y: (rows.get(block.step) ?? 0) * ROW_PITCH })
        for (const key of block.lanes) lanes.set(key, x)
        for (const part of block.parts) todo.push({ block: part.block, x: x + part.dx })
      }
      left = Math.min(left, extent.left + dx)
      right = Math.max(right, extent.right + dx)
      bottom = Math.max(bottom, bottomOf(one))
    }
    return {
      spots,
      phases: bands
        .filter(({ phase }, index) => phase !== bands[index - 1]?.phase)
        .map(({ phase, steps }) => ({ phase, top: Math.min(...steps.map((id) => spots.get(id)?.y ?? 0)) })),
      ways: waysOf(outline, order, spots, lanes),
      left,
      width: right - left,
      height: bottom * ROW_PITCH + STEP_HEIGHT,
    }
  }
}

/** Exits that are drawn: those that lead somewhere, and those whose couples would otherwise go nowhere unseen. */
export function shownExits(outline: Outline, node: Node): readonly string[] {
  const taken = new Set(outline.ways(node.id).map((way) => way.exit))
  const main = mainExit(outline, node)
  const shown = outline.exits(node).filter((exit) => taken.has(exit) || exit === main || !QUIET.has(exit))
  // The way on is drawn first, under its step; a decision keeps the order of its cases.
  return isSpread(node)
    ? shown
    : [...shown.filter((exit) => exit === main), ...shown.filter((exit) => exit !== main)]
}

/** Rarely led anywhere: shown once they are. */
const QUIET = new Set(['refused', 'failed', 'skipped'])

type Order = {
  readonly list: readonly NodeId[]
  readonly place: ReadonlyMap<NodeId, number>
  readonly roots: readonly NodeId[]
  /** Which of the roots leads to it first. */
  part(id: NodeId): number
  target(from: NodeId, exit: string): { to: NodeId; round: boolean } | null
  down(id: NodeId): readonly { readonly exit: string; readonly to: NodeId }[]
}

/** Depth first in the order of exits: what leads back to where it came from is a round; the rest has an order. */
function walkOrder(outline: Outline): Order {
  const rounds = new Set<string>()
  const state = new Map<NodeId, 'open' | 'done'>()
  const parts = new Map<NodeId, number>()
  const after: NodeId[] = []
  const starts = [
    ...outline.journey.nodes.filter((node) => node.kind === 'trigger'),
    ...outline.journey.nodes.filter((node) => outline.into(node.id).length === 0),
    ...outline.journey.nodes,
  ]
  const roots: NodeId[] = []
  for (const { id: start } of starts) {
    if (state.has(start)) continue
    const part = roots.push(start) - 1
    const stack = [{ id: start, ways: exitsInOrder(outline, start), at: 0 }]
    state.set(start, 'open')
    parts.set(start, part)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const way = top.ways[top.at++]
      if (!way) {
        state.set(top.id, 'done')
        after.push(top.id)
        stack.pop()
      } else if (state.get(way.to) === 'open') rounds.add(`${top.id}.${way.exit}`)
      else if (!state.has(way.to)) {
        state.set(way.to, 'open')
        parts.set(way.to, part)
        stack.push({ id: way.to, ways: exitsInOrder(outline, way.to), at: 0 })
      }
    }
  }
  const list = after.reverse()
  const ways = new Map(list.map((id) => [id, exitsInOrder(outline, id)]))
  return {
    list,
    place: new Map(list.map((id, index) => [id, index])),
    roots,
    part: (id) => parts.get(id) ?? 0,
    target: (from, exit) => {
      const way = ways.get(from)?.find((one) => one.exit === exit)
      return way ? { to: way.to, round: rounds.has(`${from}.${exit}`) } : null
    },
    down: (id) => (ways.get(id) ?? []).filter((way) => !rounds.has(`${id}.${way.exit}`)),
  }
}

function exitsInOrder(outline: Outline, id: NodeId): readonly { exit: string; to: NodeId }[] {
  const node = outline.node(id)
  const ways = outline.ways(id)
  if (!node) return ways
  const known = shownExits(outline, node).flatMap((exit) => ways.find((way) => way.exit === exit) ?? [])
  return known.length === ways.length ? known : [...new Set([...known, ...ways])]
}

/** A branch in which nothing stands yet needs a row for its word and its "+". */
const rowsDown = (outline: Outline, from: NodeId, way: { exit: string; to: NodeId }): number => {
  const node = outline.node(from)
  if (!node || outline.into(way.to).length < 2) return 1
  return isSpread(node) || way.exit !== mainExit(outline, node) ? 2 : 1
}

/** Decisions stand over the middle of their branches; the other steps over the way on. */
const isSpread = (node: Node): boolean =>
  node.kind === 'condition' || node.kind === 'split' || node.kind === 'fork'

/** L1 and L4: one row below the lowest of what leads here, and below all of what is of earlier phases. */
function rowsOf(outline: Outline, order: Order, bands: readonly Band[]): Map<NodeId, number> {
  const rows = new Map<NodeId, number>()
  let [part, floor] = [0, 0]
  for (const band of bands) {
    if (band.part !== part) [part, floor] = [band.part, 0]
    let below = floor
    for (const id of band.steps) {
      const row = Math.max(rows.get(id) ?? 0, floor)
      rows.set(id, row)
      below = Math.max(below, row + 1)
      for (const way of order.down(id))
        if (order.part(way.to) === part)
          rows.set(way.to, Math.max(rows.get(way.to) ?? 0, row + rowsDown(outline, id, way)))
    }
    floor = below
  }
  return rows
}

/** Who can be reached from whom, itself included, as bits: 500 steps are 16 words each. */
function reachOf(order: Order): (from: NodeId, to: NodeId) => boolean {
  const words = Math.ceil(order.list.length / 32)
  const bits = new Map<NodeId, Uint32Array>()
  for (const id of order.list.toReversed()) {
    const own = new Uint32Array(words)
    const at = order.place.get(id)!
    own[at >> 5]! |= 1 << (at & 31)
    for (const way of order.down(id)) {
      const theirs = bits.get(way.to)
      if (theirs) for (let w = 0; w < words; w++) own[w]! |= theirs[w]!
    }
    bits.set(id, own)
  }
  return (from, to) => {
    const at = order.place.get(to)!
    return ((bits.get(from)?.[at >> 5] ?? 0) & (1 << (at & 31))) !== 0
  }
}

// Packing

function widen(rows: Outlines, row: number, left: number, right: number): void {
  const span = rows.get(row)
  if (!span) rows.set(row, { left, right })
  else {
    span.left = Math.min(span.left, left)
    span.right = Math.max(span.right, right)
  }
}

function laneBlock(first: number, last: number): Block {
  const block: Block = { rows: new Map(), step: null, lanes: [], parts: [] }
  for (let row = first; row <= last; row++) widen(block.rows, row, -LANE_HALF, LANE_HALF)
  return block
}

/** What is put straight below gives its rows away instead of having them copied: a long path costs what it is long. */
function merge(into: Block, from: Block, dx: number): void {
  into.parts.push({ block: from, dx })
  if (dx === 0 && from.rows.size > into.rows.size) {
    const own = into.rows
    into.rows = from.rows
    for (const [row, span] of own) widen(into.rows, row, span.left, span.right)
  } else for (const [row, span] of from.rows) widen(into.rows, row, span.left + dx, span.right + dx)
}

/** How far right of what is there a block must begin so that no row touches. */
function clearance(there: Outlines, next: Outlines): number {
  let dx = Number.NEGATIVE_INFINITY
  for (const [row, span] of next) {
    const before = there.get(row)
    if (before) dx = Math.max(dx, before.right - span.left + COLUMN_GAP)
  }
  return dx
}
function clearanceLeft(there: Outlines, next: Outlines): number {
  let dx = Number.POSITIVE_INFINITY
  for (const [row, span] of next) {
    const before = there.get(row)
    if (before) dx = Math.min(dx, before.left - span.right - COLUMN_GAP)
  }
  return dx
}

type Named = { readonly exit: string; readonly block: Block }

/** Ways that are not the way on leave to the right, in their order. */
function putBeside(into: Block, others: readonly Named[]): void {
  for (const { block } of others)
    merge(into, block, Math.max(STEP_WIDTH / 2 + COLUMN_GAP, clearance(into.rows, block.rows)))
}

function overlaps(there: Outlines, next: Outlines): boolean {
  for (const [row, span] of next) {
    const before = there.get(row)
    if (before && before.left < span.right + COLUMN_GAP && span.left < before.right + COLUMN_GAP) return true
  }
  return false
}

/** Branches of a decision stand around its middle; those that reach below where they meet move outwards. */
function putAround(into: Block, branches: readonly Named[]): void {
  if (branches.length === 1) {
    for (const { block } of branches) merge(into, block, 0)
    return
  }
  const row: Outlines = new Map()
  const at: number[] = []
  for (const [index, { block }] of branches.entries()) {
    const dx = index === 0 ? 0 : Math.max((at[index - 1] ?? 0) + LANE_HALF, clearance(row, block.rows))
    at.push(dx)
    for (const [r, span] of block.rows) widen(row, r, span.left + dx, span.right + dx)
  }
  const middle = ((at[0] ?? 0) + (at.at(-1) ?? 0)) / 2
  const half = Math.floor(branches.length / 2)
  let push = 0
  for (let i = half; i < branches.length; i++) {
    const { block } = branches[i]!
    const wanted = at[i]! - middle + push
    const dx = Math.max(wanted, clearance(into.rows, block.rows))
    push += dx - wanted
    merge(into, block, dx)
  }
  push = 0
  for (let i = half - 1; i >= 0; i--) {
    const { block } = branches[i]!
    const wanted = at[i]! - middle + push
    const dx = Math.min(wanted, clearanceLeft(into.rows, block.rows))
    push += dx - wanted
    merge(into, block, dx)
  }
}

const bottomOf = (block: Block): number => Math.max(0, ...block.rows.keys())

function extentOf(block: Block): Span {
  let [left, right] = [0, 0]
  for (const span of block.rows.values()) {
    left = Math.min(left, span.left)
    right = Math.max(right, span.right)
  }
  return { left, right }
}

function waysOf(
  outline: Outline,
  order: Order,
  spots: ReadonlyMap<NodeId, Spot>,
  lanes: ReadonlyMap<string, number>,
): Way[] {
  return outline.journey.nodes.flatMap((node) => {
    const here = spots.get(node.id)
    if (!here) return []
    const main = mainExit(outline, node)
    const exits = shownExits(outline, node)
    const spread = isSpread(node)
    const ownLanes = exits.flatMap((exit) => lanes.get(`${node.id}.${exit}`) ?? [])
    return exits.flatMap((exit): Way[] => {
      const target = order.target(node.id, exit)
      const there = target ? spots.get(target.to) : undefined
      const lane = lanes.get(`${node.id}.${exit}`) ?? here.x
      const side = !spread && exit !== main
      const start = {
        x: side ? here.x + STEP_WIDTH / 2 - 40 : here.x,
        y: here.y + STEP_HEIGHT,
      }
      if (target && !there) return []
      const round = target?.round ?? false
      const end = !there
        ? { x: lane, y: here.y + ROW_PITCH - 12 }
        : round
          ? { x: there.x + STEP_WIDTH / 2, y: there.y + STEP_HEIGHT / 2 }
          : { x: there.x, y: there.y }
      return [
        {
          id: `${node.id}.${exit}`,
          from: node.id,
          exit,
          to: target?.to ?? null,
          main: exit === main,
          lane: round ? Math.max(lane, here.x + STEP_WIDTH / 2, end.x) + ROUND_GAP : lane,
          parts: partsAt(start.x, lane, ownLanes),
          start,
          end,
          round,
        },
      ]
    })
  })
}

/** Of the columns between a step and a way's own, the one next to it. */
function partsAt(start: number, lane: number, others: readonly number[]): number {
  const between = others.filter((one) => (one - start) * (lane - one) > 0)
  return lane < start ? Math.min(start, ...between) : Math.max(start, ...between)
}
