"use client";
/** `<oriel-dashboard>` for React: typed props in, callbacks out. React itself is the host's. */

import { createElement, forwardRef, type ForwardRefExoticComponent, type ReactNode, type RefAttributes, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { DashboardElement, DashboardEventMap, DashboardOptions } from "../api.ts";
import { loadOriel, type LoaderError } from "./index.ts";

type Detail<Name extends keyof DashboardEventMap> = DashboardEventMap[Name]["detail"];

export interface OrielDashboardProps extends DashboardOptions {
  /** The embed origin, which loader and frames come from. */
  origin: string;
  id?: string | undefined;
  className?: string | undefined;
  /** Stands in place of a dashboard that cannot be loaded. */
  fallback?: ReactNode;
  onReady?: (() => void) | undefined;
  onError?: ((problem: Detail<"oriel-error">) => void) | undefined;
  onResize?: ((size: Detail<"oriel-resize">) => void) | undefined;
  onNavigate?: ((to: Detail<"oriel-navigate">) => void) | undefined;
  onFilter?: ((to: Detail<"oriel-filter">) => void) | undefined;
  onSelect?: ((picked: Detail<"oriel-select">) => void) | undefined;
  onTokenRefresh?: ((outcome: Detail<"oriel-token-refresh">) => void) | undefined;
  onSessionRevoked?: (() => void) | undefined;
}

const CALLBACKS = {
  "oriel-ready": "onReady",
  "oriel-error": "onError",
  "oriel-resize": "onResize",
  "oriel-navigate": "onNavigate",
  "oriel-filter": "onFilter",
  "oriel-select": "onSelect",
  "oriel-token-refresh": "onTokenRefresh",
  "oriel-session-revoked": "onSessionRevoked",
} as const satisfies Record<keyof DashboardEventMap, keyof OrielDashboardProps>;

/** A dashboard. `ref` is the element, with its methods. */
export const OrielDashboard: ForwardRefExoticComponent<OrielDashboardProps & RefAttributes<DashboardElement>> = forwardRef<DashboardElement, OrielDashboardProps>(
  function OrielDashboard(props, ref) {
    const { origin, embed, fetchToken, appearance, filters, fallback } = props;
    const element = useRef<DashboardElement>(null);
    const latest = useRef(props);
    const [failed, setFailed] = useState(false);
    useImperativeHandle(ref, () => element.current as DashboardElement, []);

    useEffect(() => {
      latest.current = props;
    });

    useEffect(() => {
      const dashboard = element.current;
      if (!dashboard) return;
      const hear = ({ type, detail }: Event & { detail?: unknown }) => {
        const name = type as keyof typeof CALLBACKS;
        if (name === "oriel-ready" || name === "oriel-error") setFailed(name === "oriel-error");
        (latest.current[CALLBACKS[name]] as ((detail: unknown) => void) | undefined)?.(detail);
      };
      for (const name of Object.keys(CALLBACKS)) dashboard.addEventListener(name, hear);
      return () => {
        for (const name of Object.keys(CALLBACKS)) dashboard.removeEventListener(name, hear);
      };
    }, []);

    // Set as properties, before the loader is there too: it takes over what it finds.
    // One source for all renders: to the element another source is a reason to mount again.
    const hasSource = Boolean(fetchToken);
    useEffect(() => {
      if (element.current) element.current.fetchToken = hasSource ? async (request) => latest.current.fetchToken?.(request) : undefined;
    }, [hasSource]);
    const look = JSON.stringify(appearance);
    useEffect(() => {
      if (element.current) element.current.appearance = look === undefined ? undefined : JSON.parse(look);
    }, [look]);
    // Only filters that are others than before go to the frame: the viewer may have
    // changed them since. Another embed begins without any.
    const chosen = JSON.stringify(filters);
    useEffect(() => {
      if (element.current && chosen !== undefined) element.current.filters = JSON.parse(chosen);
    }, [chosen, embed]);

    useEffect(() => {
      let here = true;
      loadOriel(origin).catch(({ code, message }: LoaderError) => {
        if (!here) return;
        console.error(`[oriel] ${code}: ${message}`);
        setFailed(true);
        latest.current.onError?.({ code, message });
      });
      return () => {
        here = false;
      };
    }, [origin]);

    return createElement("oriel-dashboard", { ref: element, ...attributes(props) }, failed && fallback ? createElement("div", { slot: "fallback" }, fallback) : null);
  },
);

function attributes({ id, className, embed, tokenEndpoint, frameTitle, theme, density, locale, timeZone, loading, view }: OrielDashboardProps): Record<string, string | undefined> {
  return {
    id, embed, theme, density, locale, loading, view,
    class: className,
    "token-endpoint": tokenEndpoint,
    "frame-title": frameTitle,
    "time-zone": timeZone,
  };
}
