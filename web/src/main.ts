/** The first code that runs: sets the page's language and defines its elements. The node comes later. */
import './app.ts'
import { language } from './text/index.ts'

document.documentElement.lang = language
