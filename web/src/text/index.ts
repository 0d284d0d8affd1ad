/** The words of the page in the first of the visitor's languages that it speaks; English when it speaks none. */
import { en, type Text } from './en.ts'
import { es } from './es.ts'

const languages: Readonly<Record<string, Text>> = { en, es }

const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())

export const language: string = spoken.find((tag) => tag in languages) ?? 'en'
export const text: Text = languages[language] ?? en
