import { WordsField } from '../../web/letters/WordsField.tsx'
import type { PanelProps } from '../../web/screens/designer/panels.ts'
import { exampleOf } from './definition.ts'
import { segmentsOf } from './segments.ts'

/** How a text message is written: its words, how they would read, and how many messages that makes. */
export function Panel({ config, onChange, problems, fields }: PanelProps) {
  const body = typeof config.body === 'string' ? config.body : ''
  const example = exampleOf(body)
  const { segments, characters, encoding, costly } = segmentsOf(example)
  const set = (text: string): void => onChange({ ...config, body: text }, 'body')
  return (
    <div className="grid gap-4">
      <WordsField
        label="Text"
        value={body}
        fields={fields}
        rows={6}
        error={problems.find((one) => one.path.startsWith('/body') && one.severity === 'error')?.message}
        onSay={set}
      />
      <p aria-live="polite" className="text-small text-muted-foreground">
        <span className="font-strong text-foreground">
          {segments === 1 ? 'One message' : `${segments} messages`}
        </span>
        , {characters} characters
        {encoding === 'UCS-2' &&
          costly.length > 0 &&
          `; ${costly.slice(0, 5).join(' ')} makes each message shorter`}
      </p>
      {example !== '' && (
        <figure>
          <figcaption className="mb-1 text-small text-muted-foreground">As it would read</figcaption>
          <p className="max-w-[300px] rounded-lg bg-muted px-3 py-2 whitespace-pre-wrap">{example}</p>
        </figure>
      )}
      <p className="text-small text-muted-foreground">
        It goes out between the hours set for texts, in the time of whoever gets it. STOP ends it.
      </p>
    </div>
  )
}
