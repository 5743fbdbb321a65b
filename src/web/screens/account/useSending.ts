import { type FormEvent, useRef, useState } from 'react'
import type { Outcome, Problems } from './outcome.ts'

type Values = { readonly [field: string]: string }

/**
 * A form that is sent once: checked here first, busy while the server thinks, and with the focus on the first
 * field that is wrong. What was typed is never thrown away.
 */
export function useSending(check: (values: Values) => Problems, send: (values: Values) => Promise<Outcome>) {
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [problems, setProblems] = useState<Problems>({})
  const form = useRef<HTMLFormElement>(null)

  const pointTo = (found: Problems): void => {
    setProblems(found)
    const first = Object.keys(found)[0]
    if (first)
      form.current?.querySelector<HTMLElement>(`[name="${first}"],[data-field="${first}"] button`)?.focus()
  }

  const submit = async (event: FormEvent<HTMLFormElement>, more: Values = {}): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const typed = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]),
    )
    const values = { ...typed, ...more }
    const found = check(values)
    if (Object.keys(found).length > 0) return pointTo(found)
    setProblems({})
    setOutcome(null)
    setBusy(true)
    try {
      const answer = await send(values)
      setOutcome(answer)
      if (answer.is === 'refused' && answer.field) pointTo({ [answer.field]: answer.says })
    } catch {
      setOutcome({
        is: 'refused',
        says: 'The server did not answer. Nothing was changed; try again in a moment.',
      })
    } finally {
      setBusy(false)
    }
  }

  const refusal = outcome?.is === 'refused' && !outcome.field ? outcome.says : null
  return { form, busy, problems, outcome, refusal, submit }
}
