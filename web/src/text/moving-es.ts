/** Español, sobre mudarse a otro dispositivo y estar en dos. */
import { explain } from './explanation.ts'
import type * as en from './moving-en.ts'

export const moving: typeof en.moving = {
  title: 'Tú en otro dispositivo',
  hint: 'Tu identidad es una llave. Con ella, tu nombre, tus contactos y tus llamadas vuelven en cualquier dispositivo, de quienes responden por ti.',
  otherTab: 'Esta pestaña es otro participante. Hazlo en tu primera pestaña.',
  take: 'Llevarme conmigo',
  have: 'Tengo una identidad',
  passphrase: 'Una contraseña para el archivo (mejor con ella)',
  passphraseHint: 'Sin ella, quien pueda leer el archivo puede ser tú. Si la olvidas, nadie podrá ayudarte.',
  save: 'Guardar como archivo',
  saved: 'Guardado',
  wordsWarning:
    'La misma llave en 24 palabras, para el papel. Quien las lea puede ser tú: mira a tu alrededor antes de mostrarlas.',
  showWords: 'Mostrar 24 palabras',
  hideWords: 'Ocultar las palabras',
  words: 'Las palabras de tu identidad, en orden',
  file: 'Tu archivo de identidad',
  orWords: 'O tus 24 palabras',
  itsPassphrase: 'Contraseña del archivo',
  look: 'Continuar',
  become: (who) => `Este navegador será ${who}.`,
  present: (who) =>
    `Hasta ahora ha sido ${who}, que deja este navegador. Si no lo has guardado, nadie podrá volver a ser ${who}, y sus contactos y llamadas se pierden para siempre.`,
  savePresent: (who) => `Guardar antes ${who}`,
  replace: (who) => `Reemplazar ${who}`,
  cancel: 'Cancelar',
  unknownWord: (word, number) => `La palabra ${number}, «${word}», no es una de las posibles.`,
  faults: {
    'not-an-identity': 'Eso no es un archivo de identidad de Colonia ni 24 palabras.',
    damaged: 'Este archivo de identidad está cortado o alterado. Usa otra copia.',
    'too-large': 'Eso es demasiado grande para ser un archivo de identidad.',
    newer: 'Este archivo es de una versión posterior de Colonia. Recarga la página para obtenerla.',
    'other-key': 'La llave de este archivo es de un tipo que Colonia no usa.',
    'needs-passphrase': 'Este archivo está protegido. Escribe su contraseña.',
    'wrong-passphrase': 'Esa no es la contraseña de este archivo.',
    'word-count': 'Una identidad tiene 24 palabras; estas son más o menos.',
    'wrong-words': 'Todas las palabras existen, pero no van juntas: una es otra, o dos están cambiadas.',
    taken: 'Este navegador ya tiene esa identidad.',
  },
}

export const elsewhere: typeof en.elsewhere = {
  takeOver: 'Seguir aquí',
  is: explain(
    'Estás en otro dispositivo',
    'Allí se abrió Colonia con tu identidad después de esta página. Lo que cambies se guarda allí, y las llamadas suenan allí.',
    'Úsala allí o sigue aquí: no se pierde nada en ningún caso.',
  ),
}
