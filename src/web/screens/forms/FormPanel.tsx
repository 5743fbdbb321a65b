import type { Form } from '../../../core/form/form.ts'
import { Switch } from '../../../ui/Checkbox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Section } from '../../../ui/Type.tsx'
import { orNothing } from './document.ts'
import type { FormDraft } from './useFormDraft.ts'

/** What is true of the whole form: its title, its words, one page or part by part. */
export function FormPanel({ draft, readOnly }: { readonly draft: FormDraft; readonly readOnly: boolean }) {
  const { form, edit } = draft
  const set = (change: Partial<Form>, label: string, burst?: string): void =>
    edit({ ...form, ...change }, label, burst)
  const without = (key: 'intro' | 'sendLabel' | 'thanks'): Form => {
    const { [key]: _, ...rest } = form
    return rest as Form
  }
  return (
    <Section title="The whole form">
      <fieldset disabled={readOnly} className="grid gap-4 py-2">
        <Field label="Title" hint="What couples read first.">
          <Input
            value={form.title}
            maxLength={200}
            onChange={({ target }) => set({ title: target.value }, 'Wording the title', 'title')}
          />
        </Field>
        <Field label="A word before" optional>
          <TextArea
            value={form.intro ?? ''}
            maxLength={1_000}
            placeholder="Five short questions, about four minutes."
            onChange={({ target }) =>
              edit(
                { ...without('intro'), ...orNothing('intro', target.value) },
                'Wording the introduction',
                'intro',
              )
            }
          />
        </Field>
        <div>
          <p className="mb-1 text-small font-strong">On the page</p>
          <Segmented
            label="On the page"
            size="sm"
            value={form.layout}
            segments={[
              { value: 'page', label: 'All at once' },
              { value: 'steps', label: 'Part by part' },
            ]}
            onChange={(layout) => set({ layout }, 'Choosing how it is shown')}
          />
          {form.layout === 'steps' && form.sections.length < 2 && (
            <p className="mt-1 text-small text-muted-foreground">
              Add a second part; until then it is one page.
            </p>
          )}
        </div>
        <Switch
          checked={form.changeable}
          onChange={(changeable) => set({ changeable }, 'Choosing whether answers may change')}
        >
          Sent answers may be changed while it is open
        </Switch>
        <Field label="Its button" optional>
          <Input
            value={form.sendLabel ?? ''}
            maxLength={60}
            placeholder="Send our answers"
            onChange={({ target }) =>
              edit(
                { ...without('sendLabel'), ...orNothing('sendLabel', target.value) },
                'Wording the button',
                'sendLabel',
              )
            }
          />
        </Field>
        <Field label="Thank-you" optional>
          <Input
            value={form.thanks?.title ?? ''}
            maxLength={200}
            placeholder="Thank you, we have it all."
            onChange={({ target }) =>
              edit(
                target.value === '' && !form.thanks?.text
                  ? without('thanks')
                  : { ...form, thanks: { ...form.thanks, title: target.value } },
                'Wording the thank-you',
                'thanks',
              )
            }
          />
        </Field>
        {form.thanks && (
          <Field label="And what happens next" optional>
            <TextArea
              value={form.thanks.text ?? ''}
              maxLength={2_000}
              onChange={({ target }) =>
                set(
                  { thanks: { title: form.thanks?.title ?? '', ...orNothing('text', target.value) } },
                  'Wording the thank-you',
                  'thanks text',
                )
              }
            />
          </Field>
        )}
        <p className="text-small text-muted-foreground">
          Journeys and conditions name this form <code className="font-mono">{draft.saved.key}</code>.
        </p>
      </fieldset>
    </Section>
  )
}
