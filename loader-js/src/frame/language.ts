/**
 * The viewer's language: messages as the build made them of ICU MessageFormat, and
 * numbers and times as the browser's `Intl` writes them. It must not know what a
 * message says, nor where it stands.
 */

/** A message: a text, or pieces of one. */
export type Form = string | Piece[];

/**
 * A piece: text; the argument at that place; or forms to choose from by the
 * argument at that place, `true` where its plural decides.
 */
type Piece = string | number | [place: number, cases: Record<string, Form>, plural?: 1];

/** What the server has for one language: messages of the boot script by name, those of the widget by number. */
export interface Messages {
  outside: string;
  forms: Form[];
}

type Argument = string | number;

/** As `Style` in the widget's `messages` has them. Days are days in UTC; the last is the day of a moment. */
const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const NUMBERS: Intl.NumberFormatOptions[] = [{ maximumFractionDigits: 1 }, { style: "percent" }];
const TIMES: Intl.DateTimeFormatOptions[] = [
  DAY,
  { day: "numeric", month: "short" },
  { month: "short", year: "numeric" },
  { year: "numeric" },
  DAY,
];
/** What no first view writes: months and years. */
const RARE = [4, 5];
const MOMENT = NUMBERS.length + TIMES.length - 1;

export interface Language {
  /** Takes over the messages; nothing can be said before. */
  learn(messages: Messages): void;
  /** Follows a host's wishes, as far as the browser knows them; says whether they need a document in another language. */
  follow(locale: string | undefined, timeZone: string | undefined): boolean;
  say(message: number, given: Argument[]): string;
  write(style: number, value: number): string;
  /** Makes what writes the numbers and times of a first view before it is needed, piece by piece: the browser takes its time over it. */
  warm(idle: (work: () => void) => void): void;
}

/** A language for the locale that the document is written in. */
export function createLanguage(written: string): Language {
  let forms: Form[] = [];
  let locale = written;
  let timeZone: string | undefined;
  let formats: { format(value: number): string }[] = [];
  let plurals = new Intl.PluralRules(locale);
  const isRtl = new Intl.Locale(written).language === "ar";

  const write = (style: number, value: number): string => {
    const format = (formats[style] ??=
      style < NUMBERS.length
        ? new Intl.NumberFormat(locale, NUMBERS[style])
        : new Intl.DateTimeFormat(locale, { ...TIMES[style - NUMBERS.length], timeZone: style < MOMENT ? "UTC" : timeZone }));
    return format.format(value);
  };

  /** Somebody's name, perhaps in a script that runs the other way, must not turn the text around it. */
  const shown = (value: Argument): string =>
    typeof value === "number" ? write(0, value) : isRtl || /[\u0590-\u08ff]/.test(value) ? `\u2068${value}\u2069` : value;

  const text = (form: Form, given: Argument[]): string => (typeof form === "string" ? form : form.map((piece) => part(piece, given)).join(""));

  const part = (piece: Piece, given: Argument[]): string => {
    if (typeof piece === "string") return piece;
    if (typeof piece === "number") return shown(given[piece] ?? "");
    const [place, cases, plural] = piece;
    const value = given[place];
    return text(cases[plural ? `=${value}` : `${value}`] ?? cases[plural ? plurals.select(Number(value)) : "other"] ?? cases.other ?? "", given);
  };

  return {
    learn: (messages) => void (forms = messages.forms),
    follow(wished, zone) {
      const other = wished !== undefined && languageOf(wished) !== languageOf(written);
      const before = [locale, timeZone];
      locale = wished === undefined || other ? written : wished;
      timeZone = zone !== undefined && isKnown(zone) ? zone : undefined;
      if (before[0] !== locale || before[1] !== timeZone) {
        formats = [];
        plurals = new Intl.PluralRules(locale);
      }
      return other;
    },
    say: (message, given) => text(forms[message] ?? "", given),
    write,
    warm: (idle) => [...NUMBERS, ...TIMES].forEach((_, style) => RARE.includes(style) || idle(() => write(style, 0))),
  };
}

/** The language of a locale; of none, where the browser cannot read it. */
function languageOf(locale: string): string | undefined {
  try {
    return new Intl.Locale(locale).language;
  } catch {
    return undefined;
  }
}

function isKnown(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}
