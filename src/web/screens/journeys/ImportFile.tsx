import { useState } from 'react'
import type { Journey } from '../../../core/journey/graph.ts'
import { parse } from '../../../core/journey/parse.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog, DialogClose } from '../../../ui/Dialog.tsx'
import { useAddJourney } from './useAddJourney.ts'

const FILE_BYTES_MAX = 2_000_000
const TOLD_MAX = 6
type Read =
  | { readonly is: 'journey'; readonly journey: Journey; readonly file: string }
  | { readonly is: 'wrong'; readonly problems: readonly string[]; readonly file: string }

/** A file that was exported here or elsewhere becomes a draft of its own. What is wrong with it is said with its place. */
export function ImportFile({ onClose }: { readonly onClose: () => void }) {
  const { busy, add } = useAddJourney()
  const [read, setRead] = useState<Read | null>(null)
  const look = async (file: File): Promise<void> => {
    if (file.size > FILE_BYTES_MAX)
      return setRead({
        is: 'wrong',
        file: file.name,
        problems: ['The file is larger than a journey can be.'],
      })
    const parsed = parse(await file.text())
    setRead(
      parsed.ok
        ? { is: 'journey', file: file.name, journey: parsed.journey }
        : {
            is: 'wrong',
            file: file.name,
            problems: parsed.problems.map((one) => `${one.path || 'The file'}: ${one.message}`),
          },
    )
  }
  const bringIn = (journey: Journey): void => add({ document: journey as unknown as Record<string, unknown> })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Import a journey"
      description="A file as the designer exports it. It comes in as a draft: nothing is sent before you publish it."
      actions={
        <>
          <DialogClose>
            <Button>Not now</Button>
          </DialogClose>
          {read?.is === 'journey' && (
            <Button look="primary" busy={busy} onClick={() => bringIn(read.journey)}>
              Import {read.journey.nodes.length} steps
            </Button>
          )}
        </>
      }
    >
      <input
        type="file"
        accept=".json,application/json"
        aria-label="The file"
        className="block w-full text-ui file:mr-3 file:h-8 file:rounded-sm file:border file:border-border-strong file:bg-card file:px-3 file:font-medium"
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) void look(file)
        }}
      />
      <div className="mt-3" aria-live="polite">
        {read?.is === 'journey' && (
          <p>
            <b>{read.journey.name}</b>: {read.journey.nodes.length} steps
            {read.journey.description ? `. ${read.journey.description}` : ''}
          </p>
        )}
        {read?.is === 'wrong' && (
          <Banner kind="danger" title={`${read.file} cannot be read as a journey`}>
            <ul className="list-disc pl-5">
              {read.problems.slice(0, TOLD_MAX).map((one) => (
                <li key={one}>{one}</li>
              ))}
              {read.problems.length > TOLD_MAX && <li>and {read.problems.length - TOLD_MAX} more</li>}
            </ul>
          </Banner>
        )}
      </div>
    </Dialog>
  )
}
