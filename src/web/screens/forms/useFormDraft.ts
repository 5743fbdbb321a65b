import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { changeForm, type FormDocument, readFormDraft } from '../../../contract/forms.ts'
import type { Form } from '../../../core/form/form.ts'
import { api, askAgain, isRefused, wordsOf } from '../../api.ts'

/**
 * A form under the hand: every edit at once on the screen, saved a moment later, one save after the other, each under
 * the state it was made on. Undo goes back burst by burst.
 */
type Step = { readonly form: Form; readonly label: string }
type State = {
  readonly form: Form
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  readonly burst: string | null
  readonly saved: FormDocument
  readonly saving: 'saved' | 'unsaved' | 'saving' | 'overtaken' | { readonly failed: string }
}
export type FormDraft = State & {
  /** Typing into one place gives the same burst again and again: one step back takes all of it. */
  edit(form: Form, label: string, burst?: string): void
  undo(): void
  redo(): void
  /** As it is drawn at this moment, also for whoever was given the draft a while ago. */
  now(): State
  /** Everything is on the server; gives the state it is in. Throws when it cannot be. */
  settle(): Promise<string>
  /** What the server has is taken over: after publishing, renaming, or when somebody else was quicker. */
  adopt(seen: { readonly data: FormDocument; readonly etag: string | null }): void
}

const SAVE_AFTER_MS = 600
const AGAIN_AFTER_MS = 5_000
const STEPS_BACK_MAX = 200

export function useFormDraft(
  vendor: string,
  first: { readonly data: FormDocument; readonly etag: string | null },
): FormDraft {
  const [keeper] = useState(() => keep(vendor, first))
  const state = useSyncExternalStore(keeper.subscribe, keeper.state)
  useEffect(() => () => keeper.leave(), [keeper])
  const edit = useRef(keeper).current
  return {
    ...state,
    edit: useCallback(edit.edit, []),
    undo: edit.undo,
    redo: edit.redo,
    now: edit.state,
    settle: edit.settle,
    adopt: edit.adopt,
  }
}

function keep(vendor: string, first: { readonly data: FormDocument; readonly etag: string | null }) {
  let etag = first.etag ?? '*'
  let known = first.data.document
  let state: State = {
    form: first.data.document,
    past: [],
    future: [],
    burst: null,
    saved: first.data,
    saving: 'saved',
  }
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let flight: Promise<void> | null = null
  const params = { vendor, form: first.data.id }

  const set = (next: Partial<State>): void => {
    state = { ...state, ...next }
    for (const tell of listeners) tell()
  }
  const soon = (ms: number): void => {
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      if (!flight && state.form !== known) void fly()
    }, ms)
  }
  const fly = (): Promise<void> => {
    const { form } = state
    set({ saving: 'saving' })
    flight = api(changeForm, { params, body: { document: form }, ifMatch: etag })
      .then(({ data, etag: next }) => {
        etag = next ?? '*'
        known = form
        set({ saved: data, saving: state.form === form ? 'saved' : 'unsaved' })
        if (state.form !== form) soon(SAVE_AFTER_MS)
      })
      .catch((error: unknown) => {
        if (isRefused(error, 'changed_meanwhile')) return set({ saving: 'overtaken' })
        set({ saving: { failed: wordsOf(error) } })
        soon(AGAIN_AFTER_MS)
      })
      .finally(() => {
        flight = null
      })
    return flight
  }
  const draw = (next: Partial<State> & { readonly form: Form }): void => {
    set({
      ...next,
      ...(state.saving === 'overtaken' ? {} : { saving: next.form === known ? 'saved' : 'unsaved' }),
    })
    if (state.saving === 'unsaved') soon(SAVE_AFTER_MS)
  }

  return {
    state: () => state,
    subscribe: (tell: () => void) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    edit(form: Form, label: string, burst?: string): void {
      if (form === state.form) return
      const goesOn = burst !== undefined && burst === state.burst && state.past.length > 0
      draw({
        form,
        past: goesOn ? state.past : [...state.past, { form: state.form, label }].slice(-STEPS_BACK_MAX),
        future: [],
        burst: burst ?? null,
      })
    },
    undo(): void {
      const last = state.past.at(-1)
      if (!last) return
      draw({
        form: last.form,
        past: state.past.slice(0, -1),
        future: [...state.future, { form: state.form, label: last.label }],
        burst: null,
      })
    },
    redo(): void {
      const next = state.future.at(-1)
      if (!next) return
      draw({
        form: next.form,
        past: [...state.past, { form: state.form, label: next.label }],
        future: state.future.slice(0, -1),
        burst: null,
      })
    },
    async settle(): Promise<string> {
      if (timer) clearTimeout(timer)
      timer = null
      while (flight || state.form !== known) {
        await (flight ?? fly())
        if (state.saving === 'overtaken') throw new Error('Somebody else has changed this form.')
        if (typeof state.saving === 'object') throw new Error(state.saving.failed)
      }
      return etag
    },
    adopt(seen: { readonly data: FormDocument; readonly etag: string | null }): void {
      etag = seen.etag ?? '*'
      known = seen.data.document
      const same = JSON.stringify(known) === JSON.stringify(state.form)
      if (same) {
        known = state.form
        return set({ saved: seen.data, saving: 'saved' })
      }
      set({
        form: known,
        past: [...state.past, { form: state.form, label: 'What was changed elsewhere' }],
        future: [],
        burst: null,
        saved: seen.data,
        saving: 'saved',
      })
    },
    /** The room is left: what is not saved yet goes out now. */
    leave(): void {
      if (timer) clearTimeout(timer)
      timer = null
      const saving = flight ?? (state.form !== known && state.saving !== 'overtaken' ? fly() : null)
      void saving?.then(() => askAgain(readFormDraft))
    },
  }
}
