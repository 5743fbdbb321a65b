import { Plus, X } from 'lucide-react'
import type { Journey } from '../../../core/journey/graph.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { useDesigner } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { PatternEditor } from './fields/PatternEditor.tsx'

/** What concerns the journey as a whole: its name, who may begin it again, and what ends it early. */
export function JourneySettings({
  keeper,
  mayEdit,
  onClose,
}: {
  readonly keeper: DraftKeeper
  readonly mayEdit: boolean
  readonly onClose: () => void
}) {
  const { document, step } = useDesigner()
  const set = (change: Partial<Journey>, burst: string): void =>
    keeper.edit({ label: 'Change the journey', document: { ...document, ...change }, step, burst })
  const without = (name: 'description' | 'leaveOn' | 'onWeddingCancelled'): void => {
    const { [name]: _before, ...rest } = document
    keeper.edit({ label: 'Change the journey', document: rest, step })
  }
  const { reentry, leaveOn = [] } = document
  const distance = typeof reentry === 'object' ? (reentry.always.distance.days ?? 0) : 0
  return (
    <Sheet title="This journey" open onOpenChange={onClose}>
      <fieldset disabled={!mayEdit} className="min-w-0 space-y-4">
        <Field label="Name">
          <Input
            value={document.name}
            maxLength={200}
            onChange={(event) => set({ name: event.target.value }, 'name')}
          />
        </Field>
        <Field label="Category">
          <Input
            value={document.category}
            maxLength={60}
            onChange={(event) => set({ category: event.target.value }, 'category')}
          />
        </Field>
        <Field label="What it is for" optional>
          <TextArea
            rows={3}
            maxLength={2_000}
            value={document.description ?? ''}
            onChange={(event) =>
              event.target.value === ''
                ? without('description')
                : set({ description: event.target.value }, 'description')
            }
          />
        </Field>
        <Field label="May a couple begin it again?">
          <Select
            value={typeof reentry === 'object' ? 'always' : reentry}
            choices={[
              { value: 'never', label: 'No, once and never again' },
              { value: 'per_wedding', label: 'Once for each wedding' },
              { value: 'after_finish', label: 'When they have finished it' },
              { value: 'always', label: 'Always, with a distance' },
            ]}
            onChange={(event) =>
              set(
                {
                  reentry:
                    event.target.value === 'always'
                      ? { always: { distance: { days: 30 } } }
                      : (event.target.value as 'never'),
                },
                'reentry',
              )
            }
          />
        </Field>
        {typeof reentry === 'object' && (
          <Field label="Days between two beginnings">
            <Input
              type="number"
              min={0}
              max={3_660}
              value={distance}
              onChange={(event) =>
                Number.isInteger(event.target.valueAsNumber) &&
                set({ reentry: { always: { distance: { days: event.target.valueAsNumber } } } }, 'distance')
              }
            />
          </Field>
        )}
        <Field label="When the wedding is cancelled">
          <Select
            value={document.onWeddingCancelled ?? 'leave'}
            choices={[
              { value: 'leave', label: 'The journey ends' },
              { value: 'stay', label: 'It goes on: it is about just that' },
            ]}
            onChange={(event) =>
              event.target.value === 'leave'
                ? without('onWeddingCancelled')
                : set({ onWeddingCancelled: 'stay' }, 'cancelled')
            }
          />
        </Field>
        <section>
          <h3 className="font-strong">What ends it early</h3>
          {leaveOn.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a way out has no other name than its place.
            <div key={index} className="mt-2 rounded-sm border border-border p-3">
              <div className="flex items-start gap-1">
                <div className="min-w-0 flex-1 space-y-2">
                  <PatternEditor
                    label="When this comes"
                    pattern={one.on}
                    onChange={(on, burst) =>
                      set({ leaveOn: leaveOn.with(index, { ...one, on }) }, `leave ${index} ${burst ?? ''}`)
                    }
                  />
                  <Select
                    aria-label="It is then"
                    value={one.as}
                    choices={[
                      { value: 'completed', label: 'complete' },
                      { value: 'cancelled', label: 'cancelled' },
                    ]}
                    onChange={(event) =>
                      set(
                        { leaveOn: leaveOn.with(index, { ...one, as: event.target.value as 'completed' }) },
                        `leave ${index} as`,
                      )
                    }
                  />
                </div>
                <IconButton
                  look="ghost"
                  size="sm"
                  icon={X}
                  label="Remove this way out"
                  onClick={() => {
                    const rest = leaveOn.toSpliced(index, 1)
                    if (rest.length === 0) without('leaveOn')
                    else set({ leaveOn: rest }, 'leave')
                  }}
                />
              </div>
            </div>
          ))}
          <div className="mt-2">
            <Button
              size="sm"
              icon={Plus}
              onClick={() =>
                set(
                  { leaveOn: [...leaveOn, { on: { event: 'contract_signed' }, as: 'completed' }] },
                  'leave add',
                )
              }
            >
              Another way out
            </Button>
          </div>
        </section>
      </fieldset>
    </Sheet>
  )
}
