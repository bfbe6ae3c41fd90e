#!/usr/bin/env bash
# Makes Sotto.app or a disk image for macOS with jpackage: ./sotto package [--type app-image|dmg] [--into FOLDER]
# Expects JAVA_HOME (JDK 25) and a built backend/app, as ./sotto provides them.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

type=app-image
into=$PWD/installers/target
while (($# > 0)); do
  case $1 in
    --type) type=$2 ;;
    --into) mkdir -p "$called_from/$2" && into=$(cd "$called_from/$2" && pwd) ;;
    *) echo "sotto package: unknown option $1" >&2 && exit 2 ;;
  esac
  shift 2
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/jars" "$work/chromium" "$into"
main=
while IFS= read -r jar; do
  [[ -n $main ]] || main=$(basename "$jar")
  case $(basename "$jar") in
    jcef-natives-*) unzip -p "$jar" '*.tar.gz' | tar -xz -C "$work/chromium" ;;
    *) cp "$jar" "$work/jars/" ;;
  esac
done < <(sed -n 's/^-cp "\(.*\)"$/\1/p' backend/app/target/java.args | tr : '\n')

"$JAVA_HOME/bin/jpackage" --type "$type" --name Sotto --app-version 1.0.0 --vendor Sotto --dest "$into" \
  --input "$work/jars" --main-jar "$main" --main-class sotto.app.Main --app-content "$work/chromium" \
  --java-options --enable-native-access=ALL-UNNAMED \
  --java-options --add-exports=java.desktop/sun.awt=ALL-UNNAMED \
  --java-options --add-exports=java.desktop/sun.lwawt=ALL-UNNAMED \
  --java-options --add-exports=java.desktop/sun.lwawt.macosx=ALL-UNNAMED \
  --java-options -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  --java-options -Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=error \
  --java-options '-Dsotto.chromium.folder=$APPDIR/../chromium'
