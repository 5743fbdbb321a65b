import { Suspense, useMemo } from 'react'
import type { JsonObject } from '../../../core/ids.ts'
import type { Node, NodeOf } from '../../../core/journey/graph.ts'
import { MERGE_FIELDS } from '../../../core/merge-fields.ts'
import type { Problem } from '../../../core/problem.ts'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Skeleton } from '../../../ui/Waiting.tsx'
import { ActionEditor } from './ActionEditor.tsx'
import { useBuilding } from './building.ts'
import { useDesigner } from './context.ts'
import { AddressSelect } from './fields/AddressSelect.tsx'
import { CasesEditor, ForkEditor, SplitEditor } from './fields/BranchEditors.tsx'
import { ConditionEditor } from './fields/ConditionEditor.tsx'
import { PatternEditor } from './fields/PatternEditor.tsx'
import { SchemaForm, schemaOf } from './fields/SchemaForm.tsx'
import { WaitEditor } from './fields/WaitEditor.tsx'
import { Later } from './Later.tsx'
import { panelOf } from './panels.ts'
import { registry } from './registry.ts'
import { ApprovalText, Phase, StepOptions } from './StepOptions.tsx'

/** What can be changed of a step, by its kind. Module types bring a panel of their own or get one from their schema. */
export function KindEditor({
  node,
  problems,
}: {
  readonly node: Node
  readonly problems: readonly Problem[]
}) {
  const { change } = useBuilding()
  const burst = (field: string): string => `${node.id} ${field}`
  return (
    <>
      {parts()}
      {node.kind !== 'trigger' && node.kind !== 'end' && (
        <Later>
          <Phase node={node} />
        </Later>
      )}
    </>
  )

  function parts() {
    switch (node.kind) {
      case 'trigger':
        return <Trigger node={node} problems={problems} />
      case 'module':
        return (
          <>
            <Config node={node} problems={problems} />
            <Later>
              <StepOptions node={node} />
            </Later>
          </>
        )
      case 'delay':
        return (
          <div data-part="when">
            <WaitEditor
              label="How long"
              rule={node.wait}
              shapes={['after', 'anchor', 'next', 'on', 'every']}
              onChange={(wait, field) => change({ ...node, wait }, burst(field))}
            />
          </div>
        )
      case 'await':
        return (
          <>
            <PatternEditor
              label="What is waited for"
              pattern={node.for}
              onChange={(next, field) => change({ ...node, for: next }, field && burst(field))}
            />
            <div data-part="timeout">
              <WaitEditor
                label="At most"
                rule={node.timeout}
                shapes={['after', 'anchor', 'next', 'on']}
                onChange={(timeout, field) => change({ ...node, timeout }, burst(`timeout ${field}`))}
              />
            </div>
            <Field label="What came before counts too">
              <Select
                value={node.alsoPast ? 'yes' : 'no'}
                choices={[
                  { value: 'no', label: 'No, only what comes from now on' },
                  { value: 'yes', label: 'Yes, anything since the journey began' },
                ]}
                onChange={(event) => {
                  const { alsoPast: _before, ...rest } = node
                  change(event.target.value === 'yes' ? { ...rest, alsoPast: true } : rest)
                }}
              />
            </Field>
          </>
        )
      case 'condition':
        return <CasesEditor node={node} />
      case 'split':
        return <SplitEditor node={node} />
      case 'fork':
        return <ForkEditor node={node} />
      case 'join':
        return (
          <div data-part="ways">
            <Field label="Goes on">
              <Select
                data-first
                value={node.mode}
                choices={[
                  { value: 'all', label: 'When all branches have come' },
                  { value: 'first', label: 'When the first has come; the others end' },
                ]}
                onChange={(event) => change({ ...node, mode: event.target.value as 'all' })}
              />
            </Field>
          </div>
        )
      case 'action':
        return (
          <>
            <ActionEditor node={node} />
            <Later>
              <StepOptions node={node} />
            </Later>
          </>
        )
      case 'approval':
        return (
          <>
            <ApprovalText node={node} />
            <div data-part="timeout">
              <WaitEditor
                label="Without an answer after"
                rule={node.timeout}
                shapes={['after', 'anchor', 'next', 'on']}
                onChange={(timeout, field) => change({ ...node, timeout }, burst(`timeout ${field}`))}
              />
            </div>
          </>
        )
      case 'goal':
        return (
          <PatternEditor
            label="Reached when"
            pattern={node.for}
            onChange={(next, field) => change({ ...node, for: next }, field && burst(field))}
          />
        )
      case 'end':
        return <p className="text-muted-foreground">There is nothing to set here.</p>
    }
  }
}

function Config({
  node,
  problems,
}: {
  readonly node: NodeOf<'module'>
  readonly problems: readonly Problem[]
}) {
  const { change, outline } = useBuilding()
  const { couple } = useDesigner()
  const type = outline.moduleType(node)
  const Panel = panelOf(node.type)
  const inside = useMemo(() => within(problems, 'config'), [problems])
  if (!type)
    return (
      <p className="text-muted-foreground">
        A step of the type {node.type} (version {node.version}), which this app does not know. What is set is
        kept.
      </p>
    )
  const onChange = (config: NodeOf<'module'>['config'], burst?: string, version = node.version): void =>
    change({ ...node, version, config }, burst === undefined ? undefined : `${node.id} ${burst}`)
  return (
    <div data-part="content">
      {Panel ? (
        <Suspense fallback={<Skeleton lines={6} />}>
          <Panel config={node.config} problems={inside} client={couple} fields={FIELDS} onChange={onChange} />
        </Suspense>
      ) : (
        <SchemaForm
          schema={schemaOf(type.config)}
          value={node.config}
          problems={inside}
          merges={type.channel !== 'none'}
          onChange={onChange}
        />
      )}
    </div>
  )
}

const FIELDS = MERGE_FIELDS.map((field) => field.name)

/** Problems below one part of a step, with their paths from there. */
const within = (problems: readonly Problem[], part: string): readonly Problem[] =>
  problems.flatMap((one) => {
    const found = new RegExp(`^/nodes/\\d+/${part}(.*)$`).exec(one.path)
    return found ? [{ ...one, path: found[1] ?? '' }] : []
  })

function Trigger({
  node,
  problems,
}: {
  readonly node: NodeOf<'trigger'>
  readonly problems: readonly Problem[]
}) {
  const { change } = useBuilding()
  const type = registry.triggers.get(node.type)
  const { if: condition, ...bare } = node
  const configure = (config: JsonObject, burst?: string): void => {
    const { config: _before, ...rest } = node
    change(Object.keys(config).length === 0 ? rest : { ...rest, config }, burst)
  }
  return (
    <>
      <div data-part="content" className="space-y-3">
        <Field label="It begins with">
          <Select
            data-first
            value={node.type}
            choices={[
              ...[...registry.triggers.values()].map((one) => ({ value: one.type, label: one.label })),
              ...(type ? [] : [{ value: node.type, label: node.type }]),
            ]}
            onChange={(event) => {
              const { config: _before, ...rest } = node
              change(
                event.target.value === 'date'
                  ? {
                      ...rest,
                      type: 'date',
                      config: { when: { before: { months: 6 }, of: 'wedding', at: '10:00' } },
                    }
                  : { ...rest, type: event.target.value },
              )
            }}
          />
        </Field>
        {type?.type === 'inbound_webhook' ? (
          <AddressSelect
            value={typeof node.config?.hook === 'string' ? node.config.hook : undefined}
            error={within(problems, 'config').find(({ path }) => path === '/hook')?.message}
            onChange={(hook) => configure(hook === undefined ? {} : { hook })}
          />
        ) : (
          type && (
            <SchemaForm
              schema={schemaOf(type.config)}
              value={node.config ?? {}}
              problems={within(problems, 'config')}
              merges={false}
              onChange={(config, field) => configure(config, field && `${node.id} ${field}`)}
            />
          )
        )}
      </div>
      <div data-part="for">
        <h3 className="mb-1.5 font-strong">Only if</h3>
        {condition ? (
          <ConditionEditor
            label="Only if"
            condition={condition}
            onChange={(next, field) => change({ ...node, if: next }, field && `${node.id} if ${field}`)}
            onRemove={() => change(bare)}
          />
        ) : (
          <Select
            aria-label="Only if"
            value="always"
            choices={[
              { value: 'always', label: 'Every couple begins it' },
              { value: 'some', label: 'Only some couples …' },
            ]}
            onChange={() => change({ ...node, if: { fact: 'client.tags', is: 'contains', value: '' } })}
          />
        )}
      </div>
    </>
  )
}
