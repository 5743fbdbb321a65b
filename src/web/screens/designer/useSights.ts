import { useReactFlow, type Viewport } from '@xyflow/react'
import { AlignVerticalSpaceAround, Focus, Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { use, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { ChoiceContext } from './choice.ts'
import type { Drawn } from './layout.ts'
import { type Box, nearView, openingView, wholeView } from './sight.ts'

/** From where one looks at a drawing, by key and by name: the steps themselves are always in order. */
export function useSights({
  drawn,
  follow,
  boxOf,
}: {
  readonly drawn: Drawn
  readonly follow: NodeId | null
  readonly boxOf: () => Box
}): { readonly [at in 'whole' | 'opening' | 'near' | 'in' | 'out']: () => void } {
  const flow = useReactFlow()
  const choice = use(ChoiceContext)
  const given = useRef({ drawn, follow, boxOf })
  given.current = { drawn, follow, boxOf }
  const sights = useMemo(() => {
    const see = (view: Viewport) => void flow.setViewport(view, { duration: calm(SLOW_MS) })
    const chosen = () => {
      const { drawn, follow } = given.current
      const marked = choice?.marked() ?? new Set<NodeId>()
      const ids = marked.size > 0 ? [...marked] : follow === null ? [] : [follow]
      return ids.flatMap((id) => drawn.spots.get(id) ?? [])
    }
    return {
      whole: () => see(wholeView(given.current.drawn, given.current.boxOf())),
      opening: () => see(openingView(given.current.drawn, given.current.boxOf())),
      near: () => {
        const spots = chosen()
        if (spots.length > 0) see(nearView(spots, given.current.boxOf()))
      },
      in: () => void flow.zoomIn({ duration: calm(QUICK_MS) }),
      out: () => void flow.zoomOut({ duration: calm(QUICK_MS) }),
    }
  }, [flow, choice])
  useOffer(
    useMemo(
      (): readonly Command[] => [
        of('whole', 'See all of the journey', Maximize, 'F', sights.whole),
        of('near', 'See the chosen step, or the marked ones, near', Focus, 'Z', sights.near),
        of('opening', 'Tidy: as the drawing opened', AlignVerticalSpaceAround, 'T', sights.opening),
        of('in', 'Nearer', ZoomIn, '+', sights.in),
        of('out', 'Further', ZoomOut, '-', sights.out),
      ],
      [sights],
    ),
  )
  return sights
}
const SLOW_MS = 220
export const QUICK_MS = 140

const of = (id: string, label: string, icon: Command['icon'], key: string, run: () => void): Command => ({
  id: `sight-${id}`,
  group: 'Here',
  label,
  icon,
  keys: [key],
  run,
})

export const calm = (ms: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms)
