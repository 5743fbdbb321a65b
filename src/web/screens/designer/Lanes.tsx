import { useViewport } from '@xyflow/react'
import type { Lane } from './lanes.ts'

/** Phases as lanes across the drawing; their names stay at its edge however far one has gone. */
export function Lanes({ lanes }: { readonly lanes: readonly Lane[] }) {
  const { y, zoom } = useViewport()
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0 z-0 overflow-hidden">
      {lanes.map((lane, index) => (
        <div
          key={lane.phase}
          className={index === 0 ? 'absolute inset-x-0' : 'absolute inset-x-0 border-t border-border-strong'}
          style={{ transform: `translateY(${Math.round(lane.top * zoom + y)}px)` }}
        >
          <div className="absolute top-2 left-[92px] w-[150px] max-md:left-3">
            <b className="block font-display text-h3 font-medium italic">{lane.phase}</b>
            {lane.from && (
              <span className="block text-micro text-muted-foreground">
                {lane.from}
                {lane.to && lane.to !== lane.from && (
                  <>
                    <br />
                    to {lane.to}
                  </>
                )}
              </span>
            )}
          </div>
        </div>
      ))}
    </div>
  )
}
