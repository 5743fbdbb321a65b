import { CornerDownRight, Ellipsis, Plus, Route, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { connect, disconnect, renameExit } from '../../../core/journey/edit/edits.ts'
import { followerAt } from '../../../core/journey/edit/places.ts'
import type { Node } from '../../../core/journey/graph.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { useBuilding } from './building.ts'
import { registry } from './registry.ts'
import { exitWord, nameOf } from './words.ts'

/** Every way on from a step: where it leads, and leading it elsewhere. What cannot be led there is refused with the reason. */
export function WaysOn({ node }: { readonly node: Node }) {
  const { outline, mayEdit, edit, choose, askWhat, removeBranch } = useBuilding()
  const [leading, setLeading] = useState<string | null>(null)
  const [naming, setNaming] = useState<string | null>(null)
  const exits = outline.exits(node)
  if (exits.length === 0) return null
  const others = outline.journey.nodes.filter(
    (one) => one.id !== node.id && one.kind !== 'trigger' && one.kind !== 'goal',
  )
  const lead = (exit: string, to: string): void => {
    const place = { from: node.id, exit }
    const edited = connect(outline.journey, registry, place, to as NodeId)
    if (edit('Lead a way elsewhere', edited)) setLeading(null)
  }
  return (
    <section className="mt-5 border-t border-border pt-3" data-part="ways-on">
      <h3 className="font-strong">Ways on</h3>
      <ul className="mt-1">
        {exits.map((exit) => {
          const place = { from: node.id, exit }
          const to = followerAt(outline, place)
          const follower = to === null ? undefined : outline.node(to)
          const word = exitWord(node, exit) || 'then'
          const named = isNamed(node, exit)
          return (
            <li key={exit} className="border-t border-border py-1.5 first:border-t-0">
              <div className="flex min-h-7 items-center gap-2">
                {naming === exit ? (
                  <Input
                    autoFocus
                    aria-label="The name of this way"
                    defaultValue={exit}
                    spellCheck={false}
                    onBlur={(event) => {
                      setNaming(null)
                      const name = event.target.value
                        .trim()
                        .toLowerCase()
                        .replace(/[^a-z0-9_]+/g, '_')
                      if (name !== '' && name !== exit)
                        edit('Rename a way', renameExit(outline.journey, registry, place, name))
                    }}
                    onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
                  />
                ) : (
                  <>
                    <span className="w-[112px] shrink-0 truncate text-muted-foreground">{word}</span>
                    {follower ? (
                      <button
                        type="button"
                        className={`${LINK} min-w-0 flex-1 truncate text-left`}
                        onClick={() => choose(follower.id)}
                      >
                        {nameOf(follower)}
                      </button>
                    ) : (
                      <span className="min-w-0 flex-1 text-muted-foreground">the path ends here</span>
                    )}
                  </>
                )}
                {mayEdit && (
                  <Menu
                    trigger={
                      <IconButton look="ghost" size="sm" icon={Ellipsis} label={`The way “${word}”`} />
                    }
                    items={[
                      {
                        label: 'Add a step here',
                        icon: Plus,
                        onSelect: () => askWhat(place, document.getElementById(`step-${node.id}`)),
                      },
                      { label: 'Lead it elsewhere', icon: Route, onSelect: () => setLeading(exit) },
                      ...(named
                        ? [
                            {
                              label: 'Give it another name',
                              icon: CornerDownRight,
                              onSelect: () => setNaming(exit),
                            },
                          ]
                        : []),
                      ...(to === null
                        ? []
                        : ([
                            'line',
                            {
                              label: 'End the path here',
                              onSelect: () =>
                                edit('End a path', disconnect(outline.journey, registry, place)),
                            },
                            {
                              label: 'Remove this branch',
                              icon: Trash2,
                              danger: true,
                              onSelect: () => removeBranch(place),
                            },
                          ] as const)),
                    ]}
                  />
                )}
              </div>
              {leading === exit && (
                <Combobox
                  label={`Where “${word}” leads`}
                  placeholder="Choose a step"
                  value={to}
                  choices={others.map((one) => ({ value: one.id as string, label: nameOf(one) }))}
                  onChange={(next) => lead(exit, next)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const isNamed = (node: Node, exit: string): boolean =>
  (node.kind === 'condition' && exit !== 'otherwise') ||
  node.kind === 'split' ||
  (node.kind === 'fork' && node.arms !== undefined)
