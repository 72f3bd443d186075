# The commands of this repository. Each is a few words here; the work is in deployment/bootstrap/.
# They need Python 3.11 or later, make and git. Everything else is put into .venv and node_modules.

PYTHON ?= python3
PORT ?= 8080
BOOTSTRAP = @$(PYTHON) -m deployment.bootstrap

.PHONY: help run test check lock wheel clean

help:  ## say what there is
	@echo "make run    set up and start the demo on http://127.0.0.1:$(PORT)   (another port: make run PORT=9000)"
	@echo "make test   set up and run the tests                    (some of them: make test ARGS=tests/feel)"
	@echo "make check  lint, format, types, import contracts, rule book"
	@echo "make wheel  build the wheel into dist/"
	@echo "make lock   work out deployment/requirements/ again from pyproject.toml"
	@echo "make clean  remove what the commands above made, but not the data in var/"

run:
	$(BOOTSTRAP) run --port $(PORT)

test:
	$(BOOTSTRAP) test $(ARGS)

check:
	$(BOOTSTRAP) check

lock:
	$(BOOTSTRAP) lock

wheel:
	$(BOOTSTRAP) wheel

clean:
	$(BOOTSTRAP) clean
