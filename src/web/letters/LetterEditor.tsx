import { type Editor, EditorContent, type JSONContent, useEditor, useEditorState } from '@tiptap/react'
import {
  Bold,
  Heading2,
  Image,
  Italic,
  Link2,
  List,
  ListOrdered,
  Minus,
  Redo2,
  SquareMousePointer,
  Undo2,
} from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { JsonObject } from '../../core/ids.ts'
import { isGuaranteed } from '../../core/merge-fields.ts'
import type { Document } from '../../modules/email/document.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import type { IconShape } from '../../ui/Icon.tsx'
import { Input, TextArea } from '../../ui/Input.tsx'
import { canonical } from './canonical.ts'
import { FieldPicker } from './FieldPicker.tsx'
import { LETTER_NODES, labelOf } from './nodes.ts'
import './letters.css'

/** Writing a letter: words, fields as chips, and what a selected field, button or picture says about itself. */
export function LetterEditor({
  body,
  fields,
  onChange,
}: {
  readonly body: Document
  readonly fields: readonly string[]
  readonly onChange: (body: JsonObject) => void
}) {
  const [choosing, setChoosing] = useState(false)
  const tell = useRef(onChange)
  tell.current = onChange
  const told = useRef('')
  const editor = useEditor({
    extensions: LETTER_NODES,
    content: body as JSONContent,
    injectCSS: false,
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Letter' },
      handleTextInput: (_, __, ___, text) => {
        if (text !== '{') return false
        setChoosing(true)
        return true
      },
    },
    onUpdate: ({ editor: now }) => {
      const document = canonical(now.getJSON())
      told.current = JSON.stringify(document)
      tell.current(document)
    },
  })

  // An undo of the designer, or somebody else, has changed the letter: what is drawn follows.
  useEffect(() => {
    const given = JSON.stringify(body)
    if (given === told.current || JSON.stringify(canonical(editor.getJSON())) === given) return
    told.current = given
    editor.commands.setContent(body as JSONContent, { emitUpdate: false })
  }, [editor, body])

  return (
    <div className="grid gap-1">
      <div className="flex items-end justify-between gap-2">
        <p className="text-small font-strong">Letter</p>
        <FieldPicker
          fields={fields}
          open={choosing}
          onOpenChange={setChoosing}
          onPick={(name) => insert(editor, { type: 'field', attrs: { name, fallback: null } })}
        />
      </div>
      <div className="rounded-sm border border-input bg-card focus-within:border-ring">
        <Tools editor={editor} />
        <EditorContent editor={editor} className="letter border-t border-border text-ui touch:text-lead" />
        <Chosen editor={editor} />
      </div>
    </div>
  )
}

function Tools({ editor }: { readonly editor: Editor }) {
  const is = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive('bold'),
      italic: now.isActive('italic'),
      heading: now.isActive('heading'),
      bullets: now.isActive('bulletList'),
      numbers: now.isActive('orderedList'),
      link: now.isActive('link'),
      words: !now.state.selection.empty,
    }),
  })
  const run = () => editor.chain().focus()
  const tool = (icon: IconShape, label: string, act: () => void, pressed?: boolean, disabled = false) => (
    <IconButton
      size="sm"
      look="ghost"
      icon={icon}
      label={label}
      disabled={disabled}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onClick={act}
    />
  )
  return (
    <div role="toolbar" aria-label="Formatting" className="flex flex-wrap items-center gap-0.5 p-1">
      {tool(Bold, 'Bold', () => run().toggleBold().run(), is.bold)}
      {tool(Italic, 'Italic', () => run().toggleItalic().run(), is.italic)}
      {tool(Heading2, 'Heading', () => run().toggleHeading({ level: 2 }).run(), is.heading)}
      {tool(List, 'List', () => run().toggleBulletList().run(), is.bullets)}
      {tool(ListOrdered, 'Numbered list', () => run().toggleOrderedList().run(), is.numbers)}
      {tool(
        Link2,
        is.link ? 'No link' : is.words ? 'Link' : 'Link: choose the words first',
        () => (is.link ? run().unsetLink().run() : run().setLink({ href: 'https://' }).run()),
        is.link,
        !is.link && !is.words,
      )}
      {tool(SquareMousePointer, 'Button', () => insert(editor, { type: 'button' }))}
      {tool(Image, 'Picture', () => insert(editor, { type: 'image' }))}
      {tool(Minus, 'Divider', () => run().setHorizontalRule().run())}
      {tool(Undo2, 'Undo', () => run().undo().run())}
      {tool(Redo2, 'Redo', () => run().redo().run())}
    </div>
  )
}

/** What is put in is selected, so that what it needs can be said at once. */
function insert(editor: Editor, node: { type: string; attrs?: Record<string, unknown> }): void {
  const { from } = editor.state.selection
  editor.chain().focus().insertContent(node).run()
  const { doc, selection } = editor.state
  for (let at = Math.max(0, from - 1); at <= selection.to; at += 1) {
    if (doc.nodeAt(at)?.type.name !== node.type) continue
    editor.commands.setNodeSelection(at)
    return
  }
}

/** The words of whatever is selected: a field's fallback, a button's address, a picture's description, a link. */
function Chosen({ editor }: { readonly editor: Editor }) {
  const chosen = useEditorState({
    editor,
    selector: ({ editor: now }) => {
      const { selection } = now.state
      const node = 'node' in selection ? (selection.node as { type: { name: string }; attrs: object }) : null
      if (node) return { type: node.type.name, attrs: node.attrs as { [name: string]: unknown } }
      return now.isActive('link')
        ? { type: 'link', attrs: now.getAttributes('link') as { [name: string]: unknown } }
        : null
    },
  })
  if (!chosen) return null
  const { type, attrs } = chosen
  const value = (name: string): string => String(attrs[name] ?? '')
  const set = (change: { [name: string]: unknown }): void => {
    if (type === 'link') editor.chain().extendMarkRange('link').updateAttributes('link', change).run()
    else editor.commands.updateAttributes(type, change)
  }
  const line = (name: string, label: string, more: { hint?: string; error?: string | null } = {}) => (
    <Field label={label} {...(more.hint ? { hint: more.hint } : {})} error={more.error}>
      <Input value={value(name)} onChange={(event) => set({ [name]: event.target.value })} />
    </Field>
  )
  const unsafe = (address: string, also: RegExp): string | null =>
    address.includes('{{') || also.test(address) ? null : 'It begins with https://.'
  if (!['field', 'button', 'image', 'liquid', 'link'].includes(type)) return null
  return (
    <div className="grid gap-3 border-t border-border bg-muted p-3">
      {type === 'field' && (
        <Field
          label={`When “${labelOf(value('name'))}” is missing`}
          hint={isGuaranteed(value('name')) ? 'Every couple has it.' : 'These words stand there instead.'}
          error={
            isGuaranteed(value('name')) || value('fallback').trim() !== ''
              ? null
              : 'Not every couple has it: say what stands there then.'
          }
        >
          <Input
            value={value('fallback')}
            onChange={(event) => set({ fallback: event.target.value === '' ? null : event.target.value })}
          />
        </Field>
      )}
      {type === 'button' && (
        <>
          {line('label', 'Words on the button')}
          {line('url', 'Leads to', { error: unsafe(value('url'), /^https:\/\/./) })}
        </>
      )}
      {type === 'link' &&
        line('href', 'Leads to', { error: unsafe(value('href'), /^(https:\/\/|mailto:|tel:)./) })}
      {type === 'image' && (
        <>
          {line('src', 'Address of the picture', { error: unsafe(value('src'), /^https:\/\/./) })}
          {line('alt', 'What it shows', { hint: 'For whoever does not see it.' })}
        </>
      )}
      {type === 'liquid' && (
        <Field label="Written by hand" hint="Fields and conditions in Liquid.">
          <TextArea rows={6} value={value('text')} onChange={(event) => set({ text: event.target.value })} />
        </Field>
      )}
      {type !== 'link' && (
        <div>
          <Button size="sm" onClick={() => editor.chain().focus().deleteSelection().run()}>
            Take it out
          </Button>
        </div>
      )}
    </div>
  )
}
