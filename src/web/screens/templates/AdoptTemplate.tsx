import { useQuery } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { listForms } from '../../../contract/forms.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { adoptTemplate, listTemplates, type TemplateDocument } from '../../../contract/templates.ts'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { api, askAgain, asks, fieldOf, heard, isRefused, wordsOf } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'

type Adopted = { readonly id: string; readonly name: string }

/** Takes a template over, with as many facts of one's own as one cares to give: it is whole without any. */
export function AdoptTemplate({
  template,
  label = 'Use this template',
  onAdopted,
}: {
  readonly template: TemplateDocument
  readonly label?: string
  readonly onAdopted: (journey: Adopted) => void
}) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const [answers, setAnswers] = useState<{ readonly [key: string]: string }>({})
  const [problem, setProblem] = useState<{ readonly field: string | null; readonly says: string } | null>(
    null,
  )
  const asksForForm = template.questions.some((one) => one.kind === 'form')
  const forms = useQuery({
    ...asks(listForms, { params: { vendor } }),
    enabled: asksForForm && may(listForms),
  })
  const published = forms.data?.data.items.filter((one) => one.status === 'published') ?? []
  // Who has no form yet is not asked which.
  const open = template.questions.filter(
    (one) => one.known === null && (one.kind !== 'form' || published.length > 0),
  )
  const give = (key: string, value: string): void => setAnswers((now) => ({ ...now, [key]: value }))
  const known = template.questions.filter((one) => one.known !== null)
  const take = () =>
    act(async () => {
      setProblem(null)
      const params = { vendor, template: template.key }
      try {
        const { data } = await api(adoptTemplate, {
          params,
          body: { answers },
          key: keyOf({ params, answers }),
        })
        void askAgain(listTemplates, listJourneys)
        onAdopted(data)
      } catch (error) {
        if (!isRefused(error, 'invalid', 'forbidden')) throw error
        heard(error)
        setProblem({ field: fieldOf(error), says: wordsOf(error) })
      }
    })
  if (!may(adoptTemplate))
    return (
      <p className="text-small text-muted-foreground">
        Your role sees templates; an owner, manager or assistant takes one over.
      </p>
    )
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        take()
      }}
      className="grid gap-3"
    >
      <Button type="submit" look="primary" size="lg" icon={ArrowRight} busy={busy} block>
        {label}
      </Button>
      <p role="status" className="text-small text-danger-text empty:hidden">
        {problem?.says}
      </p>
      <details className="group" open={problem?.field != null || undefined}>
        <summary className="cursor-pointer rounded-xs text-small touch:py-3.5 font-medium text-link">
          Your own facts in it: {open.length} to give, if you like
        </summary>
        <div className="mt-3 grid gap-3">
          {open.map((one) => (
            <Field
              key={one.key}
              label={one.label}
              hint={one.otherwise === null ? one.hint : `${one.hint} Otherwise: ${one.otherwise}.`}
              error={problem?.field === one.key ? problem.says : null}
            >
              {one.kind === 'form' ? (
                <Select
                  name={one.key}
                  value={answers[one.key] ?? ''}
                  choices={[
                    { value: '', label: 'None of them' },
                    ...published.map(({ key, name }) => ({ value: key, label: name })),
                  ]}
                  onChange={({ target }) => give(one.key, target.value)}
                />
              ) : (
                <Input
                  name={one.key}
                  type={one.kind === 'link' ? 'url' : 'text'}
                  inputMode={one.kind === 'number' ? 'numeric' : undefined}
                  placeholder={one.kind === 'link' ? 'https://' : undefined}
                  maxLength={one.kind === 'link' ? 2_000 : 120}
                  value={answers[one.key] ?? ''}
                  onChange={({ target }) => give(one.key, target.value)}
                />
              )}
            </Field>
          ))}
          {known.length > 0 && (
            <p className="text-small text-muted-foreground">
              Known already from your settings: {known.map((one) => one.label.toLocaleLowerCase()).join('; ')}
              .
            </p>
          )}
        </div>
      </details>
    </form>
  )
}
