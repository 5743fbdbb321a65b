import { Minus, Pencil, Plus } from 'lucide-react'
import type { z } from 'zod'
import type { previewPublish } from '../../../contract/publications.ts'
import type { Node } from '../../../core/journey/graph.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { useDesigner } from '../designer/context.ts'
import { MendElsewhere } from '../designer/MendElsewhere.tsx'
import { counted, stepIcon } from './steps.ts'
import { tellField } from './tell-field.ts'

type Told = z.infer<typeof previewPublish.answer>

/** What the draft has that the live version has not, step by step, or what is still wrong with it. */
export function Differences({
  told: { diff, problems },
  live,
  next,
}: {
  readonly told: Told
  readonly live: number | null
  readonly next: number
}) {
  const { document, journey, choose, go } = useDesigner()
  const errors = problems.filter(({ severity }) => severity === 'error')
  const unset = problems.filter(({ mendAt }) => mendAt === 'settings/letters')
  const nodes = new Map<string, Node>([
    ...((journey.live?.nodes ?? []) as Node[]).map((node) => [node.id, node] as const),
    ...document.nodes.map((node) => [node.id, node] as const),
  ])
  const count = diff
    ? diff.added.length + diff.removed.length + diff.changed.length + diff.settings.length
    : 0
  return (
    <>
      <div className="flex items-baseline gap-2">
        <h2 className="font-display text-h3 font-medium">
          {live === null
            ? 'The first version'
            : diff?.same
              ? `As version ${live}`
              : `Version ${next} beside version ${live}`}
        </h2>
        {diff && !diff.same && (
          <span className="ml-auto text-small text-muted-foreground">{counted(count, 'difference')}</span>
        )}
      </div>
      {errors.length > 0 && (
        <div className="mt-3 grid gap-2">
          {errors.map((problem) => (
            <Banner
              key={`${problem.code} ${problem.path}`}
              kind="danger"
              title={problem.message}
              action={
                problem.node && (
                  <Button
                    size="sm"
                    onClick={() => {
                      choose(problem.node as Node['id'])
                      go('build')
                    }}
                  >
                    Go to it
                  </Button>
                )
              }
            />
          ))}
        </div>
      )}
      {unset.length > 0 && (
        <div className="mt-3 grid gap-2">
          {unset.map((problem) => (
            <Banner
              key={`${problem.code} ${problem.path}`}
              kind="warning"
              title={problem.message}
              action={problem.mendAt && <MendElsewhere at={problem.mendAt} />}
            />
          ))}
        </div>
      )}
      {diff?.same && (
        <div className="mt-2 grid justify-items-start gap-3 text-muted-foreground">
          <p>
            Nothing is different from what is live. Whatever you change in Build waits here until you publish
            it.
          </p>
          <Button size="sm" onClick={() => go('build')}>
            Change something
          </Button>
        </div>
      )}
      {live === null && !diff && (
        <p className="mt-2 text-muted-foreground">
          {counted(document.nodes.length, 'step')}, from the first to the last.
        </p>
      )}
      {diff && <DifferenceList diff={diff} nodes={nodes} />}
    </>
  )
}

/** Step by step, in words: what came, what is another, what went. */
export function DifferenceList({
  diff,
  nodes,
}: {
  readonly diff: NonNullable<Told['diff']>
  readonly nodes: ReadonlyMap<string, Node>
}) {
  const edges = diff.edges.added.length + diff.edges.removed.length
  return (
    <>
      <ul className="mt-2">
        {diff.added.map((id) => (
          <Difference key={`+${id}`} node={nodes.get(id)} id={id} is="added" />
        ))}
        {diff.changed.map(({ node: id, fields }) => (
          <Difference key={`~${id}`} node={nodes.get(id)} id={id} is="changed">
            {fields.map((field) => {
              const { name, before, after } = tellField(field)
              return (
                <p key={field.path} className="text-small [overflow-wrap:anywhere]">
                  <span className="text-muted-foreground">{name}: </span>
                  {before && (
                    <del className="text-danger-text decoration-danger-mark">
                      <span className="sr-only">before </span>
                      {before}
                    </del>
                  )}{' '}
                  {after && (
                    <ins className="rounded-xs bg-success-surface px-0.5 text-success-text no-underline">
                      <span className="sr-only">now </span>
                      {after}
                    </ins>
                  )}
                </p>
              )
            })}
          </Difference>
        ))}
        {diff.removed.map((id) => (
          <Difference key={`-${id}`} node={nodes.get(id)} id={id} is="removed" />
        ))}
        {diff.settings.map((field) => {
          const { name, before, after } = tellField(field)
          return (
            <li key={field.path} className="border-t border-border py-2.5 text-small first:border-t-0">
              <span className="font-strong">{name}</span>: {before || 'nothing'} → {after || 'nothing'}
            </li>
          )
        })}
      </ul>
      {edges > 0 && (
        <p className="mt-2 border-t border-border pt-2 text-small text-muted-foreground">
          {counted(edges, 'way')} between steps {edges === 1 ? 'is' : 'are'} drawn anew.
        </p>
      )}
    </>
  )
}

const LOOK = {
  added: { tone: 'success', icon: Plus, word: 'Added' },
  changed: { tone: 'plan', icon: Pencil, word: 'Changed' },
  removed: { tone: 'danger', icon: Minus, word: 'Removed' },
} as const

function Difference({
  node,
  id,
  is,
  children,
}: {
  readonly node: Node | undefined
  readonly id: string
  readonly is: keyof typeof LOOK
  readonly children?: React.ReactNode
}) {
  const { tone, icon, word } = LOOK[is]
  return (
    <li className="border-t border-border py-2.5 first:border-t-0">
      <div className="flex items-center gap-2">
        <Icon
          of={stepIcon(node?.kind ?? 'module', node?.kind === 'module' ? node.type : null)}
          className="text-muted-foreground"
        />
        <span className={`min-w-0 flex-1 font-strong ${is === 'removed' ? 'line-through' : ''}`}>
          {node ? titleOf(node) : id}
        </span>
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </div>
      {children && <div className="mt-1 ml-6 grid gap-0.5">{children}</div>}
    </li>
  )
}
