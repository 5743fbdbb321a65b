import { useMemo } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { LetterEditor } from '../../web/letters/LetterEditor.tsx'
import { MessagePreview } from '../../web/letters/MessagePreview.tsx'
import { WordsField } from '../../web/letters/WordsField.tsx'
import type { PanelProps } from '../../web/screens/designer/panels.ts'
import { type Document, letterOf } from './document.ts'

const EMPTY: Document = { type: 'doc', content: [{ type: 'paragraph' }] }
/** What cannot be sent yet is still what somebody wrote: only what is no document at all begins empty. */
function documentIn({ body, link }: PanelProps['config']): Document {
  if (typeof body === 'string') return letterOf(body, buttonIn(link))
  return typeof body === 'object' && body !== null && 'type' in body && body.type === 'doc'
    ? (body as Document)
    : EMPTY
}
const buttonIn = (link: unknown): { label: string; url: string } | null =>
  typeof link === 'object' && link !== null && 'label' in link && 'url' in link
    ? { label: textIn(link.label), url: textIn(link.url) }
    : null
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The version of this type whose letters are documents. */
const RICH = 2

/**
 * How a letter is written in the designer. Plain words of the first version are shown as the letter they are; with the
 * first change to them the step becomes one of the second.
 */
export function Panel({ config, onChange, problems, client, fields }: PanelProps) {
  const isPlain = typeof config.body === 'string'
  const body = useMemo(() => documentIn(config), [config])
  const about = problems.filter((one) => one.path.startsWith('/body'))
  return (
    <div className="grid gap-4">
      <Line name="subject" label="Subject" {...{ config, onChange, problems, fields }} />
      <Line
        name="preheader"
        label="Shown beside the subject"
        optional
        {...{ config, onChange, problems, fields }}
      />
      <div className="grid gap-1">
        <LetterEditor
          body={body}
          fields={fields}
          onChange={(next) => {
            const { link: _, ...rest } = config
            onChange({ ...(isPlain ? rest : config), body: next }, 'body', isPlain ? RICH : undefined)
          }}
        />
        <p className="text-small text-muted-foreground">
          Type {'{'} for a word of the couple.
          {isPlain && ' It goes out plain so far; once you change it, in the look of your business.'}
        </p>
        {about.length > 0 && (
          <Banner
            kind="danger"
            title={about.length === 1 ? 'One thing to mend' : `${about.length} things to mend`}
          >
            <ul>
              {[...new Set(about.map((one) => one.message))].map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </Banner>
        )}
      </div>
      <div>
        <MessagePreview type="email" version={isPlain ? 1 : RICH} config={config} client={client} />
      </div>
    </div>
  )
}

type LineProps = Pick<PanelProps, 'config' | 'onChange' | 'problems' | 'fields'> & {
  readonly name: 'subject' | 'preheader'
  readonly label: string
  readonly optional?: boolean
}

/** One line with fields; an optional one that is emptied is left out. */
function Line({ name, label, optional = false, config, onChange, problems, fields }: LineProps) {
  return (
    <WordsField
      label={label}
      value={textIn(config[name])}
      fields={fields}
      optional={optional}
      maxLength={200}
      error={problems.find((one) => one.path === `/${name}`)?.message}
      onSay={(text) => {
        const { [name]: _, ...rest } = config
        onChange(text === '' && optional ? rest : { ...config, [name]: text }, name)
      }}
    />
  )
}
