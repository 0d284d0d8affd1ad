/** The tables of `protocols/README.md`, written from the families of messages themselves. */
import type { Family } from './families.ts'
import { label, shapeOf, words } from './shape.ts'

/** A section for each family: its protocol id, the cap on a message, each message with its fields and limits. */
export function tables(families: readonly Family[]): string {
  return families.map(section).join('\n')
}

function section({ name, wire }: Family): string {
  const messages = Object.entries(wire.schemas).map(([type, schema]) => ({ type, fields: fieldsOf(schema) }))
  const first = messages[0]?.fields ?? []
  const common = first.filter((field) => messages.every(({ fields }) => fields.includes(field)))
  const rows = [
    ...block('every one', common),
    ...messages.flatMap(({ type, fields }) =>
      block(
        `\`${type}\``,
        fields.filter((field) => !common.includes(field)),
      ),
    ),
  ]
  const head = `## ${name}: \`${wire.protocol}\`\n\nAt most ${wire.maxBytes} bytes a message.`
  return `${head}\n\n| message | field | allowed |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** The rows of one message, its name in the first of them; a message without fields of its own has one row. */
function block(title: string, fields: readonly string[]): string[] {
  if (fields.length === 0) return title.startsWith('`') ? [`| ${title} | | |`] : []
  return fields.map((field, at) => `| ${at === 0 ? title : ''} | ${field} |`)
}

/** Each field of a message as two cells: name, and what it may be. A vertical bar would end the cell. */
function fieldsOf(schema: unknown): string[] {
  const shape = shapeOf(schema)
  const fields = shape.kind === 'fields' ? shape.fields : []
  return fields.map((field) => `\`${label(field)}\` | ${words(field.shape).replaceAll('|', '\\|')}`)
}
