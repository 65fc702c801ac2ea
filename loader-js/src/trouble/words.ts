/** What a viewer reads where there is no dashboard, in the languages that the dashboard speaks. */

/** What went wrong, as far as it matters to a viewer. */
export type Trouble = "load" | "sign_in" | "network";

export interface Words extends Record<Trouble, string> {
  retry: string;
}

export const WORDS: Record<string, Words> = {
  en: {
    load: "The dashboard could not be loaded.",
    sign_in: "The page could not sign you in to the dashboard.",
    network: "The dashboard cannot be reached. Check your connection.",
    retry: "Try again",
  },
  de: {
    load: "Das Dashboard konnte nicht geladen werden.",
    sign_in: "Die Seite konnte Sie nicht beim Dashboard anmelden.",
    network: "Das Dashboard ist nicht erreichbar. Prüfen Sie Ihre Verbindung.",
    retry: "Erneut versuchen",
  },
  fr: {
    load: "Le tableau de bord n’a pas pu être chargé.",
    sign_in: "La page n’a pas pu vous connecter au tableau de bord.",
    network: "Le tableau de bord est injoignable. Vérifiez votre connexion.",
    retry: "Réessayer",
  },
  es: {
    load: "No se pudo cargar el panel.",
    sign_in: "La página no pudo iniciar su sesión en el panel.",
    network: "No se puede acceder al panel. Compruebe su conexión.",
    retry: "Reintentar",
  },
  ja: {
    load: "ダッシュボードを読み込めませんでした。",
    sign_in: "ダッシュボードにサインインできませんでした。",
    network: "ダッシュボードに接続できません。接続を確認してください。",
    retry: "再試行",
  },
  ar: {
    load: "تعذّر تحميل لوحة المعلومات.",
    sign_in: "تعذّر على الصفحة تسجيل دخولك إلى لوحة المعلومات.",
    network: "يتعذّر الوصول إلى لوحة المعلومات. تحقّق من اتصالك.",
    retry: "إعادة المحاولة",
  },
};

/** The language of the first of `wanted` that there are words in. */
export function languageOf(wanted: readonly string[]): string {
  const languages = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return languages.find((language) => Object.hasOwn(WORDS, language)) ?? "en";
}
