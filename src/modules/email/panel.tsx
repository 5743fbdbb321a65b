import { useState } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input, TextArea } from '../../ui/Input.tsx'
import { FieldPicker } from '../../web/letters/FieldPicker.tsx'
import { LetterEditor } from '../../web/letters/LetterEditor.tsx'
import { MessagePreview } from '../../web/letters/MessagePreview.tsx'
import type { PanelProps } from '../../web/screens/designer/panels.ts'
import { type Document, templateOf } from './document.ts'

/** How a letter is written in the designer. A step of the first version keeps its plain words and its own form. */
export function Panel(props: PanelProps) {
  return typeof props.config.body === 'string' ? <PlainWords {...props} /> : <Letter {...props} />
}

const EMPTY: Document = { type: 'doc', content: [{ type: 'paragraph' }] }
/** What cannot be sent yet is still what somebody wrote: only what is no document at all begins empty. */
const documentIn = (body: unknown): Document =>
  typeof body === 'object' && body !== null && 'type' in body && body.type === 'doc'
    ? (body as Document)
    : EMPTY
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

function Letter({ config, onChange, problems, client, fields }: PanelProps) {
  const body = documentIn(config.body)
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
        <p className="text-small font-strong">Letter</p>
        <LetterEditor
          body={body}
          fields={fields}
          onChange={(next) => onChange({ ...config, body: next }, 'body')}
        />
        <p className="text-small text-muted-foreground">Type {'{'} for a word of the couple.</p>
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
        <MessagePreview version={2} config={config} client={client} />
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
  const [choosing, setChoosing] = useState(false)
  const value = textIn(config[name])
  const set = (text: string): void => {
    const { [name]: _, ...rest } = config
    onChange(text === '' && optional ? rest : { ...config, [name]: text }, name)
  }
  return (
    <Field
      label={label}
      optional={optional}
      error={problems.find((one) => one.path === `/${name}`)?.message}
      aside={
        <FieldPicker
          fields={fields}
          open={choosing}
          onOpenChange={setChoosing}
          onPick={(field) => set(`${value}${templateOf({ name: field, fallback: null })}`)}
        />
      }
    >
      <Input value={value} maxLength={200} onChange={(event) => set(event.target.value)} />
    </Field>
  )
}

function PlainWords({ config, onChange, problems, client, fields }: PanelProps) {
  const problemAt = (path: string): string | undefined => problems.find((one) => one.path === path)?.message
  const link = (config.link ?? null) as { label?: string; url?: string } | null
  return (
    <div className="grid gap-4">
      <Line name="subject" label="Subject" {...{ config, onChange, problems, fields }} />
      <Line
        name="preheader"
        label="Shown beside the subject"
        optional
        {...{ config, onChange, problems, fields }}
      />
      <Field
        label="Letter"
        hint="Plain words; an empty line begins a paragraph, {{ … }} is a field."
        error={problemAt('/body')}
      >
        <TextArea
          rows={12}
          value={textIn(config.body)}
          onChange={(event) => onChange({ ...config, body: event.target.value }, 'body')}
        />
      </Field>
      {link && (
        <>
          <Field label="Words on the button" error={problemAt('/link/label')}>
            <Input
              value={link.label ?? ''}
              onChange={(event) =>
                onChange({ ...config, link: { ...link, label: event.target.value } }, 'link.label')
              }
            />
          </Field>
          <Field label="Leads to" error={problemAt('/link/url')}>
            <Input
              value={link.url ?? ''}
              onChange={(event) =>
                onChange({ ...config, link: { ...link, url: event.target.value } }, 'link.url')
              }
            />
          </Field>
          <div>
            <Button
              size="sm"
              onClick={() => {
                const { link: _, ...rest } = config
                onChange(rest)
              }}
            >
              Without the button
            </Button>
          </div>
        </>
      )}
      <div>
        <MessagePreview version={1} config={config} client={client} />
      </div>
    </div>
  )
}
