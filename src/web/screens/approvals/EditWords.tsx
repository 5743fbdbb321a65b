import { useState } from 'react'
import { editMessage, previewMessage } from '../../../contract/messages.ts'
import { undoCommand } from '../../../contract/runs.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, heard, wordsOf } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { type SaidWords, WordFields } from '../messages/WordFields.tsx'

/** Other words for this couple, once. What stands in braces is filled in for them, as everywhere. */
export function EditWords({
  run,
  node,
  words,
  onDone,
}: {
  readonly run: string
  readonly node: string
  readonly words: { readonly [field: string]: string }
  readonly onDone: () => void
}) {
  const { vendor } = useHere()
  const [said, setSaid] = useState<SaidWords>({})
  const [refused, setRefused] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const keyOf = useKeyOf()
  const params = { vendor, run, node }
  const save = async (): Promise<void> => {
    if (Object.keys(said).length === 0) return onDone()
    // They take the place of what was changed before: all of them are said.
    const all = { ...words, ...said }
    setBusy(true)
    try {
      const { data } = await api(editMessage, { params, body: { words: all }, key: keyOf(all) })
      await askAgain(previewMessage)
      onDone()
      toast('Changed for this couple', {
        undo: () =>
          void api(undoCommand, { params: { vendor, run, command: data.command } })
            .then(() => askAgain(previewMessage))
            .catch((error: unknown) => toast(wordsOf(error), { failed: true })),
      })
    } catch (error) {
      heard(error)
      setRefused(wordsOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void save()
      }}
      onKeyDown={(event) => {
        // Within the form this saves; the message is approved from outside of it.
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault()
          event.stopPropagation()
          if (!busy) void save()
        } else if (event.key === 'Escape') onDone()
      }}
    >
      <WordFields own={words} said={said} onSay={setSaid} />
      {refused && (
        <Banner kind="danger" live title="It cannot be said like this">
          {refused}
        </Banner>
      )}
      <p className="text-small text-muted-foreground">
        Only this couple gets these words, and only this once. What stands in braces is filled in for them.
      </p>
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={busy}>
          Keep these words
        </Button>
        <Button onClick={onDone}>Leave it as it was</Button>
      </div>
    </form>
  )
}
