import { CircleX, ListChecks, TriangleAlert } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { applyPatch, type Patch } from '../../../core/journey/patch.ts'
import type { Problem } from '../../../core/problem.ts'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Popover } from '../../../ui/Popover.tsx'
import { toast } from '../../../ui/toasts.ts'
import { useActs } from '../../shell/commands.ts'
import { useDesigner } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { judge } from './judge.ts'
import { MendElsewhere } from './MendElsewhere.tsx'
import { nameOf } from './words.ts'

/** How many errors and warnings there are, and each of them: go to it, or have it mended. Only errors hinder publishing. */
export function ProblemList({
  keeper,
  mayEdit,
}: {
  readonly keeper: DraftKeeper
  readonly mayEdit: boolean
}) {
  const { document, around, choose } = useDesigner()
  const [open, setOpen] = useState(false)
  const later = useDeferredValue<Journey | null>(document, null)
  const found = later === null ? null : judge(later, around)
  useActs(
    found === null
      ? []
      : [
          {
            label: 'Check the journey',
            icon: ListChecks,
            also: ['errors', 'warnings', 'problems', 'mend'],
            run: () => (found.all.length === 0 ? toast('Nothing to mend') : setOpen(true)),
          },
        ],
  )
  if (found === null) return null
  if (found.all.length === 0)
    return (
      <span className="text-small whitespace-nowrap text-muted-foreground max-lg:hidden">
        Nothing to mend
      </span>
    )
  const mend = ({ fix, node }: Problem): void => {
    if (!fix) return
    const next = applyPatch(document, fix.change as Patch)
    keeper.edit({ label: fix.label, document: next, step: (node as NodeId | undefined) ?? null })
  }
  const nodes = new Map(document.nodes.map((node) => [node.id as string, node]))
  return (
    <Popover
      label="What is to mend"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={toldCount(found.errors, found.warnings)}
          className="relative inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2 font-medium hover:bg-muted touch:after:absolute touch:after:-inset-y-2 touch:after:inset-x-0"
        >
          {found.errors > 0 && (
            <span className="inline-flex items-center gap-1">
              <Icon of={CircleX} size={14} className="text-danger-text" />
              {found.errors}
            </span>
          )}
          {found.warnings > 0 && (
            <span className="inline-flex items-center gap-1">
              <Icon of={TriangleAlert} size={14} className="text-warning-text" />
              {found.warnings}
            </span>
          )}
        </button>
      }
    >
      <div className="flex max-h-[min(520px,70vh)] w-[min(420px,calc(100vw-24px))] flex-col">
        <h2 className="border-b border-border px-4 py-2.5 font-display text-h3 font-medium">
          {found.errors > 0
            ? toldCount(found.errors, found.warnings)
            : 'It could be published; this is worth a look'}
        </h2>
        <ul className="overflow-y-auto px-4">
          {found.all.map((one) => {
            const node = one.node === undefined ? undefined : nodes.get(one.node)
            return (
              <li
                key={`${one.code} ${one.path} ${one.message}`}
                className="flex gap-2.5 border-t border-border py-2.5 first:border-t-0"
              >
                <Icon
                  of={one.severity === 'error' ? CircleX : TriangleAlert}
                  className={`mt-0.5 ${one.severity === 'error' ? 'text-danger-text' : 'text-warning-text'}`}
                />
                <div className="min-w-0 flex-1">
                  <p className="text-pretty">
                    <span className="sr-only">{one.severity === 'error' ? 'Error: ' : 'Warning: '}</span>
                    {one.message}
                  </p>
                  <div className="mt-1.5 flex flex-wrap gap-1.5">
                    {node && (
                      <Button
                        size="sm"
                        onClick={() => {
                          setOpen(false)
                          choose(node.id)
                        }}
                      >
                        Go to “{nameOf(node)}”
                      </Button>
                    )}
                    {one.mendAt && <MendElsewhere at={one.mendAt} />}
                    {one.fix && mayEdit && (
                      <Button size="sm" look={node ? 'ghost' : 'plain'} onClick={() => mend(one)}>
                        {one.fix.label}
                      </Button>
                    )}
                  </div>
                </div>
              </li>
            )
          })}
        </ul>
      </div>
    </Popover>
  )
}

const toldCount = (errors: number, warnings: number): string =>
  [
    errors > 0 && `${errors} ${errors === 1 ? 'error' : 'errors'}`,
    warnings > 0 && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ]
    .filter(Boolean)
    .join(', ')
