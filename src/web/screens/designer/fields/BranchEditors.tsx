import { Plus, X } from 'lucide-react'
import type { NodeOf } from '../../../../core/journey/graph.ts'
import { EXITS_MAX, TOKENS_MAX } from '../../../../core/journey/graph.ts'
import { sharesOf } from '../../../../core/run/step-title.ts'
import { Button, IconButton } from '../../../../ui/Button.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Input } from '../../../../ui/Input.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { useBuilding } from '../building.ts'
import { ConditionEditor, FRESH_CONDITION } from './ConditionEditor.tsx'

const freeExit = (taken: readonly string[], wanted: string): string => {
  if (!taken.includes(wanted)) return wanted
  for (let n = 2; ; n++) if (!taken.includes(`${wanted}_${n}`)) return `${wanted}_${n}`
}

/** Cases in their order: the first that holds is taken. */
export function CasesEditor({ node }: { readonly node: NodeOf<'condition'> }) {
  const { change, removeBranch, outline } = useBuilding()
  const exits = node.cases.map((one) => one.exit)
  return (
    <div data-part="for" className="space-y-4">
      {node.cases.map((one, index) => (
        <div key={one.exit}>
          <div className="mb-1.5 flex items-center">
            <h3 className="font-strong">
              {index === 0 ? 'If' : 'Else, if'}{' '}
              <span className="font-normal text-muted-foreground">“{one.exit.replaceAll('_', ' ')}”</span>
            </h3>
            {node.cases.length > 1 && (
              <span className="ml-auto">
                <IconButton
                  look="ghost"
                  size="sm"
                  icon={X}
                  label={`Remove the case “${one.exit}”`}
                  onClick={() => {
                    // Steps that only this case leads to would hang in the air: those are asked about first.
                    const leads = outline.ways(node.id).some((way) => way.exit === one.exit)
                    if (
                      leads &&
                      outline
                        .ways(node.id)
                        .filter((way) => way.exit !== one.exit)
                        .every(
                          (way) => way.to !== outline.ways(node.id).find((own) => own.exit === one.exit)?.to,
                        )
                    )
                      removeBranch({ from: node.id, exit: one.exit })
                    else change({ ...node, cases: node.cases.toSpliced(index, 1) })
                  }}
                />
              </span>
            )}
          </div>
          <ConditionEditor
            label={`Case ${one.exit}`}
            condition={one.if}
            onChange={(next, field) =>
              change(
                { ...node, cases: node.cases.with(index, { ...one, if: next }) },
                field && `${node.id} ${one.exit} ${field}`,
              )
            }
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={Plus}
        disabled={node.cases.length >= EXITS_MAX - 1}
        onClick={() =>
          change({ ...node, cases: [...node.cases, { exit: freeExit(exits, 'case'), if: FRESH_CONDITION }] })
        }
      >
        Another case
      </Button>
      <p className="text-small text-muted-foreground">
        Couples for whom none of this holds go the other way.
      </p>
    </div>
  )
}

export function SplitEditor({ node }: { readonly node: NodeOf<'split'> }) {
  const { change } = useBuilding()
  const shares = sharesOf(node.arms.map((arm) => arm.weight))
  return (
    <div data-part="ways" className="space-y-2">
      {node.arms.map((arm, index) => (
        <div key={arm.exit} className="flex items-end gap-2">
          <div className="flex-1">
            <Field label={`“${arm.exit.replaceAll('_', ' ')}”, ${shares[index]}`}>
              <Input
                type="number"
                min={1}
                max={1000}
                value={arm.weight}
                onChange={(event) => {
                  const weight = event.target.valueAsNumber
                  if (weight > 0 && weight <= 1_000)
                    change(
                      { ...node, arms: node.arms.with(index, { ...arm, weight }) },
                      `${node.id} ${arm.exit}`,
                    )
                }}
              />
            </Field>
          </div>
          {node.arms.length > 2 && (
            <IconButton
              look="ghost"
              icon={X}
              label={`Remove the share “${arm.exit}”`}
              onClick={() => change({ ...node, arms: node.arms.toSpliced(index, 1) })}
            />
          )}
        </div>
      ))}
      <Button
        size="sm"
        icon={Plus}
        disabled={node.arms.length >= EXITS_MAX}
        onClick={() =>
          change({
            ...node,
            arms: [
              ...node.arms,
              {
                exit: freeExit(
                  node.arms.map((arm) => arm.exit),
                  String.fromCharCode(97 + node.arms.length),
                ),
                weight: 1,
              },
            ],
          })
        }
      >
        Another share
      </Button>
      <Field label="What is compared" optional hint="Such as “booked a call”: named in the results">
        <Input
          value={node.measure ?? ''}
          maxLength={100}
          onChange={(event) => {
            const { measure: _before, ...rest } = node
            change(
              event.target.value === '' ? rest : { ...rest, measure: event.target.value },
              `${node.id} measure`,
            )
          }}
        />
      </Field>
    </div>
  )
}

export function ForkEditor({ node }: { readonly node: NodeOf<'fork'> }) {
  const { change } = useBuilding()
  const { each, arms, atOnceMax: _at, ...bare } = node
  if (each !== undefined)
    return (
      <div data-part="ways" className="space-y-3">
        <Field label="Once for each">
          <Select
            data-first
            value={typeof each === 'string' ? each : 'guests'}
            choices={[
              { value: 'partner', label: 'partner' },
              { value: 'vendor', label: 'vendor of the wedding' },
              { value: 'guests', label: 'guest of a list' },
            ]}
            onChange={(event) =>
              change({
                ...bare,
                each:
                  event.target.value === 'guests' ? { guestsOf: 'all' } : (event.target.value as 'partner'),
              })
            }
          />
        </Field>
        {typeof each === 'object' && (
          <Field label="Which list">
            <Input
              value={each.guestsOf}
              onChange={(event) =>
                event.target.value !== '' &&
                change({ ...bare, each: { guestsOf: event.target.value } }, `${node.id} list`)
              }
            />
          </Field>
        )}
      </div>
    )
  const names = arms ?? []
  return (
    <div data-part="ways" className="space-y-2">
      <p className="text-muted-foreground">
        {names.length} branches walk side by side: {names.map((name) => name.replaceAll('_', ' ')).join(', ')}
        . Their names are changed under “Ways on”.
      </p>
      <Button
        size="sm"
        icon={Plus}
        disabled={names.length >= TOKENS_MAX}
        onClick={() =>
          change({
            ...bare,
            arms: [...names, freeExit(names, String.fromCharCode(97 + names.length))],
          })
        }
      >
        Another branch
      </Button>
    </div>
  )
}
