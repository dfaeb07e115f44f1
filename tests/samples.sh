#!/bin/sh
# samples.sh DIRECTORY: what the packages below hold, one folder each, unpacked
# and not installed: files that others made, for the tests to read. What lies
# there already is kept.
set -eu
mkdir -p "$1"
cd "$1"

# Mails
packages="fuzzyocr golang-github-gatherstars-com-jwz-dev
	golang-github-jhillyerd-enmime-dev libmime-explode-perl
	libpython3.11-testsuite"
# Documents
packages="$packages apvlv golang-github-gabriel-vasile-mimetype-dev
	libreoffice-dmaths libtext-pdf-perl pssh python3-graphviz
	python3-relatorio r-cran-brew r-cran-officer r-cran-readxl xlsx2csv"
# Pictures
packages="$packages gdk-pixbuf-tests libgd-barcode-perl librust-qrcode-dev"

download() {
	apt-get download -qq -o Acquire::Retries=3 \
		-o APT::Sandbox::User=root "$1"
}

for package in $packages; do
	test ! -d "$package" || continue
	rm -rf ./*.deb "$package.new"
	# The lists may be old.
	download "$package" 2>/dev/null || {
		apt-get update -qq
		download "$package"
	}
	dpkg-deb -x ./*.deb "$package.new"
	mv "$package.new" "$package"
	rm -f ./*.deb
done
