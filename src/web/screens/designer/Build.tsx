import { Suspense } from 'react'
import { titleOf } from '../../../core/run/step-title.ts'
import { useDesigner } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { panelOf } from './panels.ts'

/** The drawing and its panel. */
export function Build({ keeper }: { readonly keeper: DraftKeeper }) {
  const { document, step, couple } = useDesigner()
  const node = document.nodes.find((one) => one.id === step)
  const Panel = node?.kind === 'module' ? panelOf(node.type) : null
  return (
    <>
      <ol className="m-10">
        {document.nodes.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => keeper.choose(one.id)}>
              {titleOf(one)}
            </button>
          </li>
        ))}
      </ol>
      {node?.kind === 'module' && Panel && (
        <Suspense>
          <Panel
            config={node.config}
            problems={[]}
            client={couple}
            fields={[]}
            onChange={(config, burst) =>
              keeper.edit({
                label: 'Change',
                step,
                document: {
                  ...document,
                  nodes: document.nodes.map((one) => (one === node ? { ...node, config } : one)),
                },
                ...(burst && { burst }),
              })
            }
          />
        </Suspense>
      )}
    </>
  )
}
